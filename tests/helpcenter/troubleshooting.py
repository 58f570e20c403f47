"""A small troubleshooter in three languages, as tests write it."""

from typing import Any

from helpcenter.actions import drafting
from tests.helpcenter.factories import ArticleFactory

ENGLISH = """Before you begin, breathe.

## Which light is on? {node:start}

Look at the front.

- [The red one](#node-red) It blinks
- [The green one](#node-green)

## Does it blink fast? {node:red}

- [Yes](#node-fast)
- [No](#node-green)
- [I cannot tell](#node-call "unsure")

## Everything works {node:green}

Nothing to do. Read [the guide](guide.md#step-one).

## Switch it off {node:fast}

Pull the plug, then [write to us](request:plug).

### Why

Heat.

## Call somebody {node:call}

They see more.
"""
CHINESE = """开始之前，请深呼吸。

## 哪个灯亮着？ {node:start}

请看正面。

- [红灯](#node-red) 在闪烁
- [绿灯](#node-green)

## 闪得快吗？ {node:red}

- [快](#node-fast)
- [不快](#node-green)
- [看不出来](#node-call "unsure")

## 一切正常 {node:green}

无需处理。请阅读[指南](guide.md#step-one)。

## 请关机 {node:fast}

拔掉插头，然后[联系我们](request:plug)。

### 为什么

发热。

## 请人来看 {node:call}

他们看得更清楚。
"""
ARABIC = """تنفّسوا قبل أن تبدؤوا.

## أي ضوء يعمل؟ {node:start}

انظروا إلى الواجهة.

- [الأحمر](#node-red) يومض
- [الأخضر](#node-green)

## هل يومض بسرعة؟ {node:red}

- [نعم](#node-fast)
- [لا](#node-green)
- [لا أعرف](#node-call "unsure")

## كل شيء يعمل {node:green}

لا حاجة إلى شيء. اقرؤوا [الدليل](guide.md#step-one).

## أطفئوه {node:fast}

افصلوا القابس ثم [راسلونا](request:plug).

### لماذا

الحرارة.

## اتصلوا بأحد {node:call}

يرون أكثر.
"""
TEXTS = {
    "en": drafting.Text("The lamp is on", ENGLISH, "Find out what the lamp means."),
    "zh-hans": drafting.Text("灯亮了", CHINESE, "找出灯的含义。"),
    "ar": drafting.Text("المصباح يعمل", ARABIC, "اعرفوا معنى المصباح."),
}


def lamp(*languages: str, **fields: Any) -> Any:
    """Publish it as `lamp` in these languages, in English if none is named."""
    texts = {code: TEXTS[code] for code in languages or ("en",)}
    return ArticleFactory(**{"slug": "lamp", "kind": "troubleshooter", "texts": texts, **fields})
