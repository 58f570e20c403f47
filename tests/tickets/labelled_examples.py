"""A few labelled texts in four languages, which a table of wordings is taught in no time."""

from tickets.wordings_training import Example

LABELLED = {
    "fees": ("the fee is too high", "why was I charged a commission", "手续费太高了", "комиссия слишком большая"),
    "kyc": ("my passport was refused", "the selfie is not accepted", "护照照片没有通过", "паспорт не приняли"),
    "api": ("the websocket drops", "my api key is not valid", "接口一直断开", "ключ не работает"),
}
EXAMPLES = [Example(text, label) for label, texts in LABELLED.items() for text in texts for _ in range(2)]


def best(table, text):
    found = table.probabilities(text)
    return max(found, key=found.__getitem__)
