"""How a page of ours is like its page of the prototype, in things that a person can put right.

Pixels say nothing here: the prototype has other texts, invented figures and fewer parts. What it decides are its tokens
and the look of each role: how large and heavy a heading is, how high a button, how round a card, how wide the text
runs, how far rows stand apart. So the same roles are measured on both pages, as the browser computes them, with the
same language, theme and width; a role that only one page has says nothing. Two things need no second page: a colour
that is no token, and text that is hard to read or wider than the window.

Tolerances: below them nobody sees a difference on a screen of one pixel each; a colour is either the same token or
another one.
"""

import re
from pathlib import Path
from typing import Any

TOLERANCE = {"size": 1, "weight": 30, "height": 4, "radius": 1.5, "width": 24, "padding": 3, "inset": 4}  # px
LEAST_CONTRAST = {False: 4.5, True: 3.0}  # by whether the text is large
# Role -> what it is found by on either page, and what is compared. The first one that is seen stands for all.
ROLES = {
    "page": ("body", "size color back"),
    "bar": (".top > div", "height"),
    "name": (".brand", "size weight color"),
    "entry": (".top nav a.nav-a:not([aria-current])", "size weight color"),
    "text column": ("main[id$=main]", "width"),
    "h1": ("main h1", "size weight color"),
    "h2": ("main h2:not(.lbl, .visually-hidden)", "size weight color"),
    "prose": (".prose > p:not([class])", "size weight color"),
    "step": (".prose ol.steps > li", "size inset"),
    "table head": (".prose th", "size weight color padding"),
    "crumbs": (".crumbs a", "size color"),
    "meta": (".meta", "size color"),
    "label of a list": (".lbl", "size weight color"),
    "button": ("main :is(.btn-primary, .submit-row .default)", "size weight color back radius height"),
    "second button": ("main :is(.btn-quiet, .object-tools a)", "size weight color back edge radius height"),
    "badge": ("main :is(.tag, .sd-tag):not(.ok, .warn, .bad, .info, .mt)", "size weight color back edge radius height"),
    "badge, alarm": ("main :is(.tag, .sd-tag).bad", "size weight color back radius height"),
    "chip": ("main .chip:not([aria-current])", "size weight color back edge radius"),
    "search": (".search .form-control", "size edge back radius height"),
    "field": ("main form:not(.search) input:is([type=text], [type=email], :not([type]))", "size edge radius height"),
    "label": ("main .form-label", "size weight color"),
    "hint": ("main .hint", "size color"),
    "card": ("main .card-q", "back edge radius inset"),
    "way": ("a.go", "size weight color edge radius inset"),
    "row": ("main .rows > li + li", "padding edge"),
    "notice": ("main .notice:not(.warn, .warning, .bad, .danger, .success, .tip)", "size back edge radius"),
    "stage": (".track [aria-current]", "size weight color edge"),
    "sign of a person": (".msg .av", "size weight radius height"),
    "panel": ("main .panel", "edge radius"),
    "panel's head": ("main .panel > header h2", "size weight"),
    "figure": ("main .kpi b", "size weight"),
    "view": (".views li:not(.lbl) a:not([aria-current])", "size color height inset"),
    "subject": (".trow .s", "size color"),
    "letters of a language": (".lg", "size weight color edge radius"),
    "foot": (".foot", "size color back"),
}  # fmt: skip
MEASURE = """roles => {
  const seen = element => element.checkVisibility({ visibilityProperty: true })
    && element.getBoundingClientRect().width > 2;
  const number = text => Math.round(parseFloat(text) * 10) / 10;
  const measured = element => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    return {
      size: number(style.fontSize), weight: number(style.fontWeight), color: style.color, back: style.backgroundColor,
      edge: parseFloat(style.borderTopWidth) ? style.borderTopColor : 'none',
      radius: number(style.borderStartStartRadius), height: number(box.height), padding: number(style.paddingTop),
      inset: number(style.paddingInlineStart),
      width: number(box.width - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)),
    };
  };
  const found = {};
  for (const [role, [selector]] of Object.entries(roles)) {
    const element = [...document.querySelectorAll(selector)].find(seen);
    if (element) found[role] = measured(element);
  }
  return found;
}"""
# Every colour on the page with the first element that has it, the text that is hardest to read, and the overflow.
LOOK = """() => {
  const parts = text => text.match(/[\\d.]+/g).map(Number);
  const linear = part => (part /= 255) <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
  const light = text => { const [r, g, b] = parts(text).map(linear); return .2126 * r + .7152 * g + .0722 * b; };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
  const solid = text => parts(text).length === 3 || parts(text)[3] === 1;
  const ground = element => { for (let at = element; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.backgroundImage !== 'none') return null;
    if (solid(style.backgroundColor)) return style.backgroundColor;
    if (parts(style.backgroundColor)[3]) return null;
  } return 'rgb(255, 255, 255)'; };
  const colours = {}; let hardest = null;
  const name = element => element.tagName.toLowerCase() + [...element.classList].map(one => '.' + one).join('');
  const note = (colour, element) => { colours[colour] ??= name(element); };
  for (const element of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (box.width < 3 || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (style.clipPath !== 'none' || element.closest('svg, canvas, .visually-hidden, .u-wrap')) continue;
    if (parts(style.backgroundColor).length === 3) note(style.backgroundColor, element);
    if (parseFloat(style.borderTopWidth)) note(style.borderTopColor, element);
    const words = [...element.childNodes].filter(node => node.nodeType === 3 && node.data.trim());
    if (!words.length) continue;
    note(style.color, element);
    const behind = ground(element), size = parseFloat(style.fontSize);
    if (!behind || !solid(style.color)) continue;
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700), found = ratio(style.color, behind);
    if (!hardest || found < hardest.ratio) hardest = { ratio: found, large, name: name(element) };
  }
  return { colours, hardest, overflow: document.documentElement.scrollWidth - innerWidth };
}"""


def palette(sheet: Path) -> dict[str, dict[str, str]]:
    """Theme -> colour as a browser computes it -> the name of its token, from the prototype's `tokens.css`."""
    light, dark = re.findall(r"\{(.*?)\}", re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S), re.S)
    return {"light": _tokens(light), "dark": _tokens(dark)}


def _tokens(block: str) -> dict[str, str]:
    found = {"rgba(0, 0, 0, 0)": "none", "none": "none"}
    for name, value in re.findall(r"--sd-([\w-]+):#([0-9a-f]{3,6})\b", block):
        digits = value if len(value) == 6 else "".join(2 * digit for digit in value)
        red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
        found.setdefault(f"rgb({red}, {green}, {blue})", name)
    return found


def differences(ours: dict[str, Any], theirs: dict[str, Any], tokens: dict[str, str]) -> list[str]:
    """What differs in the roles that both pages have, as `role: what ours (theirs)`."""
    found = []
    for role in (role for role in ROLES if role in ours and role in theirs):
        for what in ROLES[role][1].split():
            own, drawn = ours[role][what], theirs[role][what]
            if what in TOLERANCE and abs(own - drawn) > TOLERANCE[what]:
                found.append(f"{role}: {what} {own:g} ({drawn:g})")
            elif what not in TOLERANCE and own != drawn:
                found.append(f"{role}: {what} {tokens.get(own, own)} ({tokens.get(drawn, drawn)})")
    return found


def faults(seen: dict[str, Any], tokens: dict[str, str]) -> list[str]:
    """What is wrong with a page by itself."""
    found = [f"no token: {colour} at {name}" for colour, name in seen["colours"].items() if colour not in tokens]
    hardest = seen["hardest"]
    if hardest and hardest["ratio"] < LEAST_CONTRAST[hardest["large"]]:
        found.append(f"contrast {hardest['ratio']:.1f} at {hardest['name']}")
    if seen["overflow"] > 0:
        found.append(f"{seen['overflow']} px wider than the window")
    return found
