"""Words that hold a question together but say little of what it is about.

They are never dropped (`How does it work` is a title), they only weigh less than words of content, and a text need not
hold them. The lists are written as the languages are, and read in the form in which questions come: folded and without
diacritics, as `analyzers.plain` gives words (`мой` is `мои`). Vietnamese has its own beside it, since a question that
is typed with marks asks for `ví`, a wallet, and not for `vì`, because.
"""

from functools import cache

from helpcenter.search.analyzers import normal, without_marks

WEIGHT = 0.15

_WORDS = {
    "en": """
        a an the i me my mine we us our you your he him his she her it its they them their this that these those
        there here who whom whose what which when where why how is am are was were be been being do does did
        done doing have has had having can could may might must shall should will would not no don didn doesn
        isn wasn aren won couldn and or but if then than so because as of at by for with about into from to in
        on off up down out over under again just only also too very any some all now still yet ever please s t d
        m ll re ve
    """,
    "es": """
        un una unos unas el la los las lo yo me mi mis mio tu te ti tus usted ustedes su sus se nos nuestro
        nuestra le les ella ellos ellas esto esta este estos estas eso esa ese esos esas que cual cuales quien
        quienes cuando donde como por para porque cuanto cuanta cuantos cuantas es son era fue ser estar estan
        estoy he ha han hay haber puedo puede pueden podria poder debo debe hago hace hacer tengo tiene no si ya
        y o u e pero de del al a en con sin sobre hasta desde entre muy mas tan todo toda todos todas algo
        alguien
    """,
    "fr": """
        un une des le la les l d j je me m moi mon ma mes tu te toi ton ta tes vous votre vos il elle on se s
        son sa ses nous notre nos ils elles leur leurs ce c cet cette ces cela ca qui que qu quoi quel quelle
        quels quelles quand ou comment pourquoi combien est sont suis etait etre ai a ont avoir avez peux peut
        puis pouvez dois doit faut fait faire ne n pas non si oui et mais de du au aux en dans par pour avec
        sans sur sous chez y plus tres tout toute tous toutes
    """,
    "pt-br": """
        um uma uns umas o a os as eu me mim meu minha meus minhas voce voces seu sua seus suas se nos nosso
        nossa ele ela eles elas lhe isto isso este esta esse essa aquele aquela que qual quais quem quando onde
        como por porque quanto quanta quantos e sao era foi ser estar estao estou tem tenho ter ha posso pode
        podem poderia devo deve faco faz fazer nao sim ja ou mas de do da dos das ao aos no na nas em com sem
        sobre ate desde entre muito mais tudo todo toda para pra pro
    """,
    "ru": """
        я меня мне мной мой моя мое мои моего моей моих мы нас нам наш ты тебя вы вас вам ваш ваша он его ему
        она ее ей оно они их им это этот эта эти этого тот та те кто что чем чего чему как какой какая какие где
        куда откуда когда зачем почему сколько ли есть был была было были быть будет буду можно могу может мочь
        надо нужно не нет ни да же и а но или если то так тут там в во на с со к ко по за из у о об от до для
        при без через под над все всё еще уже только очень бы
    """,
    "tr": """
        bir ben beni bana benim biz bize bizim sen sana siz size sizin o ona onun onlar bu su bunu kim ne neyi
        nasil neden nicin niye nerede nereye nereden hangi kac zaman mi mu mı mü midir var yok degil icin ile ve
        veya ya da ama fakat eger gibi kadar daha cok en her hic de ki olur oluyor oldu olan olarak
    """,
    "vi": """
        tôi mình em anh chị chỉ bạn chúng ta nó họ của là thì mà và hoặc nhưng những nếu để cho với từ đến tới trong
        trên dưới ở tại bằng về bị được có không chưa đã đang sẽ phải cần nên thể thế nào gì sao vì bao nhiêu nhiều
        mấy ai đâu khi lúc này kia do đó như cũng vẫn còn rất làm à ạ ah vậy nhỉ cái một các
    """,
    "ar": """
        انا اني لي عندي معي نحن لنا انت انتم لك لكم هو هي هم هن له لها هذا هذه ذلك تلك الذي التي ما ماذا من متي
        اين كيف لماذا كم هل اي ان انه لا لم لن ليس نعم او و ثم لكن اذا في علي الي عن مع عند بعد قبل حتي كل بعض
        قد كان كانت يكون يمكن يمكنني استطيع يجب
    """,
}

# Characters and endings of languages without blanks between words; a pair made of them weighs less.
_CHINESE_CHARACTERS = (
    "的了吗嗎呢吧啊呀么麼是我你您他她它们們在就都还還也很这這那个個把被给給和与與或着著过過得地要会會能可"
    "以怎什为為不没沒有到从從对對让讓哪几幾多少"
)
_KOREAN_PAIRS = """
    으로 에서 까지 부터 에게 한테 하고 이나 거나 라도 이라 나요 까요 어요 아요 해요 하나 하면 되나 되면 되는 돼요 습니
    니다 니까 는데 지만 어떻 떻게 무엇 무슨 어디 언제 얼마 마나 왜요 있나 있는 있을 없나 없는 수가 것은 것이 건가 인가
    가요 세요 주세 려면 으면 다면 어도 아도 해도 하는 했는 었는 았는 저는 제가 나는 내가
"""
_KOREAN = frozenset(normal(_KOREAN_PAIRS, "ko").split())


def is_word(word: str, language: str, *, is_written: bool = False) -> bool:
    """Whether a word is grammatical: in its plain form, or (`is_written`) with the marks that it was typed with."""
    return word in (_written(language) if is_written else words_of(language))


@cache
def words_of(language: str) -> frozenset[str]:
    """The plain forms of a language's grammatical words."""
    return frozenset(map(without_marks, _written(language)))


@cache
def _written(language: str) -> frozenset[str]:
    return frozenset(normal(_WORDS.get(language, ""), language).split())


@cache
def _chinese() -> frozenset[str]:
    """Characters of Chinese grammar, in the script in which Chinese is compared."""
    return frozenset(normal(_CHINESE_CHARACTERS, "zh-hans"))


def is_grammar(term: str, language: str) -> bool:
    """Whether a pair of characters of a run is mostly grammar."""
    if language in ("zh-hans", "zh-hant"):
        return len(term) == 2 and _chinese().issuperset(term)
    return language == "ko" and term in _KOREAN


def is_seam(term: str, language: str) -> bool:
    """Whether a pair of characters of a run holds one that is grammar: where such a pair is no word, it is where two
    words meet."""
    return language in ("zh-hans", "zh-hant") and len(term) == 2 and not _chinese().isdisjoint(term)
