"""`manage.py evaluate_search QUERIES.json`: how well the search answers a labelled set of questions."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpcenter.models import Article
from helpcenter.search import asking, evaluation, queries
from helpcenter.search.backend import SearchUnavailable
from supportdesk.ui.languages import content_languages

NONSENSE = 100  # questions of random letters per language
SEED = 20261121


class Command(BaseCommand):
    help = "Measure s1, s5, MRR, the share of empty answers and CPU time by language and kind of question."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queries", type=Path, nargs="+")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--misses", action="store_true", help="print the questions without a right page in five")
        parser.add_argument("--nonsense", action="store_true", help="also ask random letters and count empty answers")

    def handle(self, *args: Any, **options: Any) -> None:
        self.slugs = dict(Article.objects.values_list("pk", "slug"))
        result = evaluation.evaluate(self.questions(options["queries"]), self.ask)
        report: dict[str, Any] = {
            "scores": {"/".join(key): score.as_dict() for key, score in result.scores.items()},
            "cpu_ms": {"p50": result.percentile(0.5), "p95": result.percentile(0.95)},
            "floor": queries.FLOOR,
        }
        if options["misses"]:
            report["misses"] = result.misses
        if options["nonsense"]:
            report["nonsense_empty"] = {code: self.empty_share(code) for code in content_languages()}
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
        else:
            self.print_table(report)

    def questions(self, paths: list[Path]) -> list[dict[str, Any]]:
        try:
            return [question for path in paths for question in json.loads(path.read_text(encoding="utf-8"))]
        except (OSError, ValueError) as error:
            raise CommandError(f"The questions cannot be read: {error}") from error

    def ask(self, language: str, text: str) -> tuple[list[str], float]:
        started = time.process_time()
        try:
            answer = asking.ask(text, language)
        except SearchUnavailable as error:
            raise CommandError(f"There is no index for {error}; run rebuild_search first.") from error
        slugs = [self.slugs[result.article] for result in answer.results if result.article in self.slugs]
        return slugs, (time.process_time() - started) * 1000

    def empty_share(self, language: str) -> float:
        asked = evaluation.nonsense(language, NONSENSE, SEED)
        return sum(not self.ask(language, text)[0] for text in asked) / len(asked)

    def print_table(self, report: dict[str, Any]) -> None:
        self.stdout.write(f"{'language/kind':<18}{'n':>5}{'s1':>7}{'s5':>7}{'MRR':>7}{'empty':>7}")
        for key, row in report["scores"].items():
            values = f"{row['n']:>5}{row['s1']:>7.3f}{row['s5']:>7.3f}{row['mrr']:>7.3f}{row['zero']:>7.3f}"
            self.stdout.write(f"{key:<18}{values}")
        cpu = report["cpu_ms"]
        self.stdout.write(f"CPU per query: p50 {cpu['p50']} ms, p95 {cpu['p95']} ms; floor {report['floor']}")
        for code, share in report.get("nonsense_empty", {}).items():
            self.stdout.write(f"nonsense without results, {code}: {share:.0%}")
        for miss in report.get("misses", ()):
            self.stdout.write(f"{miss['lang']}: {miss['q']} -> {', '.join(miss['found']) or '-'}")
