"""Words of one family that a stemmer leaves apart: `lost` and `lose`, `вывод` and `вывести`, `retrait` and `retirer`.

A line is a family; its first word gives the family its term. Words are folded and without diacritics, as
`analyzers.without_marks` gives them. A star stands for any ending: where several beginnings fit, the longest counts.
Only forms of one word stand here. What means the same in other words is a synonym, which editors keep.
"""

from dataclasses import dataclass
from functools import cache

_FAMILIES = {
    "en": """
        lose loses losing lost loss losses
        send sends sending sent sender senders
        buy buys buying bought buyer buyers
        sell sells selling sold seller sellers
        pay pays paying paid payer payment payments
        steal steals stealing stole stolen theft thefts thief thieves
        forget forgets forgetting forgot forgotten
        freeze freezes freezing froze frozen
        withdraw withdraws withdrawing withdrew withdrawn withdrawal withdrawals
        verify verifies verified verifying verification verifications verifiable
        identity identities identify identifies identified identification
        take takes taking took taken
        give gives giving gave given
        get gets getting got gotten
        go goes going went gone
        come comes coming came
        make makes making made maker
        keep keeps keeping kept
        hold holds holding held holder holders
        break breaks breaking broke broken
        choose chooses choosing chose chosen choice choices
        write writes writing wrote written
        know knows knowing knew known
        see sees seeing saw seen
        find finds finding found
        fall falls falling fell fallen
        rise rises rising rose risen
        hide hides hiding hid hidden
        spend spends spending spent
        bring brings bringing brought
        tell tells telling told
        say says saying said
        mean means meaning meant
        begin begins beginning began begun
        run runs running ran
        become becomes becoming became
        win wins winning won
        build builds building built
        think thinks thinking thought
        feel feels feeling felt
        grow grows growing grew grown growth
        catch catches catching caught
        stick sticks sticking stuck
        shut shuts shutting
        understand understands understanding understood
        prove proves proving proved proven proof proofs
        tax taxes taxed taxing taxation taxable
        safe safer safest safely safety
        mine mines mining mined miner miners
        scam scams scamming scammed scammer scammers
        hack hacks hacking hacked hacker hackers
        anonymous anonymously anonymity
        create creates creating created creation creator creators
        own owns owning owned owner owners ownership
        expire expires expired expiring expiry expiration
        deny denies denied denying denial
        approve approves approved approving approval
        refuse refuses refused refusing refusal
        maintain maintains maintaining maintained maintenance
        regulate regulates regulated regulating regulation regulations regulator regulators
        volatile volatility
        legal legally legality
        illegal illegally illegality
        invest invests investing invested investment investments investor investors
        trade trades trading traded trader traders
        donate donates donating donated donation donations donor donors
        authenticate authenticates authenticating authentication authenticator authenticators
        register registers registering registered registration
        delete deletes deleting deleted deletion
    """,
    "es": """
        perder perde* pierd* perdi* perdid*
        cerrar cierr* cerr*
        abrir abre abren abres abri abrio abrir* abiert* apertura
        vender vend* venta ventas
        pagar paga* pago pagos pague*
        robar roba* robo robos
        bloquear bloque*
        devolver devolv* devuelv* devolucion* devuelt*
        mostrar muestr* mostr*
        costar cuesta* cueste* coste costes
        encontrar encuentr* encontr*
        mover mueve* mover* movim* movid* moviend*
        probar prueb* probar* probad* proband*
        comprobar comprueb* comprob*
        proteger proteg* protej* proteccion*
        elegir elig* elij* eleccion*
        pedir pide* pido pidio pida pidan pedi pedir* pedid*
        seguir sigue sigo siguen seguir* seguimiento
        empezar empiez* empez*
        caer cae* cai* caid* caig*
        ganar gana* gano ganancia ganancias
        transferir transfier* transfer* transferencia*
        convertir conviert* convert* conversion*
        invertir inviert* invert* inversion* inversor*
        acceder acced* acceso accesos
        donar dona donan donacion* donativ* donaron
        minar mineri* minero mineros
    """,
    "fr": """
        perdre perd* perte pertes
        envoyer envoi* envoy*
        recevoir recev* recoi* recu recus recue recues reception*
        retirer retir* retrait retraits
        deposer depos* depot depots
        acheter achet* achat achats acheteur*
        vendre vende* vendu* vends vend vente ventes
        payer paye* payo* paya* paie*
        voler vole vol vols volee volees voles voleur*
        bloquer bloqu* blocage* deblocage* debloqu*
        verifier verifi*
        rejeter rejet* rejett*
        fermer ferme* ferma* fermeture*
        ouvrir ouvr* ouvert* ouverture*
        modifier modifi*
        supprimer supprim* suppression*
        proteger proteg* protection*
        choisir chois* choix
        connecter connect* connexion*
        pirater pirat*
        miner minag* mineur mineurs minage minent
        signer signe signes signee* signature*
        transferer transfer* transfert*
        prouver prouv* preuve preuves
        acceder acced* acces
        echouer echou* echec echecs
        attendre attend* attente attentes
        gagner gagn* gain gains
        imposer imposable* imposition* impot impots
        anonyme anonym*
        disparaitre dispar*
        apparaitre appara* apparu*
    """,
    "pt-br": """
        perder perd* perco perca
        sacar saca* saco saqu*
        vender vend* venda vendas
        pagar paga* pago pagos pagu*
        roubar roub* roubo roubos
        bloquear bloque* bloqueio*
        devolver devolv* devolu*
        fechar fech* fechamento*
        abrir abre* abri abriu abrir* abert* abertura
        trocar troc* troca trocas troqu*
        excluir exclui* exclusao
        proteger proteg* protej* protecao*
        cobrar cobr* cobranca*
        golpe golp*
        hackear hacke* raque*
        minerar miner*
        assinar assin* assinatura*
        transferir transfir* transfer*
        investir invista* investim* investid*
        comprovar comprov*
        acessar acesso acessos acessa*
        doar doa* doac*
        anonimo anonim*
    """,
    "ru": """
        вывод вывод* вывест* вывел* вывож* вывед* выведен*
        снять сня* снима* снят*
        ввод ввод* ввест* введ* ввел* ввож*
        пополнить пополн*
        внести внес* внос*
        отправить отправ*
        послать посла* посыл* пошл* шлет шлю*
        получить получ*
        прийти прийт* приш* прид* приход*
        зачислить зачисл*
        купить купи* купл* покуп*
        продать прода*
        платить плати* плате* платн* плату плата заплат* оплат* оплач*
        украсть укра* краж* крад*
        потерять потер*
        забыть забы* забуд* забыва*
        заморозить замороз* заморож* замораж*
        заблокировать заблокир* блокир* разблокир*
        верифицировать верифиц* верифик*
        подтвердить подтвер* подтверж*
        проверить провер*
        ликвидация ликвидац* ликвидир*
        отменить отмен*
        отклонить отклон*
        отказать отказ*
        вернуть верну* вернет* возвра* возвращ*
        закрыть закры* закро*
        открыть откры* откро*
        изменить измен*
        сменить смен* сменя*
        поменять помен* менят* меняю*
        удалить удал*
        восстановить восстан*
        сохранить сохран*
        хранить хран* хранил*
        защитить защит* защищ*
        выбрать выбра* выбер* выбир* выбор*
        войти войт* воше* вош* вход* войд* захож* зайт* заше* зайд* заход*
        зарегистрировать зарегистр* регистр*
        исполнить исполн*
        обмануть обман*
        мошенник мошен*
        взломать взлом* взлам*
        майнинг майн*
        подписать подпис*
        перевести перев*
        конвертировать конверт*
        инвестировать инвест*
        доказать доказ*
        законный законн* закон закона законом законы
        зашифровать зашифр* шифр*
        потратить потрат* трат* тратит*
        заработать заработ* зарабат*
        подделать поддел*
        пропасть пропа*
        исчезнуть исчез*
        упасть упа* пада* паден*
        вырасти вырос* выраст* рост* расте* расту*
        списать списа* списы*
        начислить начисл*
        торговать торгов* торгу*
        пожертвовать пожертв*
        сработать сработ* срабат*
        ждать жда* жду ждет ожид* подожд*
        скачать скача* скачив*
        загрузить загруз* загруж*
        обновить обнов*
        обмен обмен*
    """,
    "tr": """
        cekme cekme* cekem* cekil* cekti* cekiyor* cekmek cekim* cekin* cekebil* cekec* ceksem cekip cekerken
        yatirma yatir*
        gonderme gonder*
        alma alama* alabil* alim alimi alimlar almak aldim aliyor*
        satin satin*
        satma satma* satis* satiyor* satti* satabil* satmak
        odeme ode*
        kaybetme kaybet* kaybed* kaybol* kayip kayb*
        calma calin* calma* caldi* caliyor* hirsiz*
        unutma unut*
        dondurma dondur*
        engelleme engel*
        kilitleme kilit*
        dogrulama dogrula*
        onaylama onay*
        likidasyon likidas* likidel*
        reddetme red redd* reddet* reddi*
        kapatma kapat* kapan* kapal*
        acma acma* acam* acabil* actim acti aciyor* acmak
        degistirme degis*
        silme silm* silin* sildi* siliyor* silebil*
        kurtarma kurtar*
        saklama sakla*
        koruma koru*
        secme sec* secim secenek*
        giris giris* girem* girmek giriyor* girdi* girebil* girile*
        kayit kayit* kaydol* kaydet* kaydi
        dolandirma dolandir*
        madencilik madenci* maden*
        donusturme donus*
        harcama harca*
        kazanma kazan*
        bekleme bekle*
        gelme gelmed* gelmiyor geldi geliyor
        gorunme gorun*
        ulasma ulas*
        dusme dus*
        yukselme yuksel*
        bagis bagis*
        yedekleme yedek*
        guncelleme guncel*
        kopma kopu* koptu kopma*
        calisma calis*
        tetikleme tetik*
        yatirim yatirimi yatirimci* yatirimlar*
    """,
    "ar": """
        سحب السحب سحبت اسحب نسحب يسحب تسحب سحبي سحوبات السحوبات للسحب سحبها سحبتها سحبته والسحب بسحب بالسحب المسحوب
        ايداع الايداع ايداعي ايداعات الايداعات اودع اودعت اودعته اودعتها يودع نودع للايداع والايداع ايداعه
        تصفيه التصفيه تصفيتي تصفيت تصفو صفوني تصفوني للتصفيه اتصفي اتصفت صفت تصفيات بالتصفيه
        ارسال الارسال ارسلت ارسل يرسل ارسلها ارسلته ارسلتها نرسل مرسل المرسل المرسله ارسلو
        استلام الاستلام استلمت استلم يستلم تستلم استلمها مستلم المستلم
        شراء الشراء اشتري اشتريت نشتري يشتري تشتري للشراء شرائي شرا
        بيع البيع ابيع بعت نبيع يبيع تبيع للبيع
        دفع الدفع ادفع دفعت يدفع تدفع ندفع دفعه دفعات المدفوعات للدفع
        سرقه السرقه سرق سرقت انسرق انسرقت سرقو مسروق مسروقه المسروقه السارق
        نسيان نسيت انسي ننسي ينسي نسي
        تجميد التجميد جمد جمدت جمدو مجمد مجمده المجمده متجمد انجمد تجمد
        حظر الحظر محظور حظرت حظرو انحظر
        قفل القفل مقفل مقفول قفلت انقفل اقفل مقفله
        توثيق التوثيق وثقت اوثق موثق توثق
        تحقق التحقق اتحقق يتحقق التاكد اتاكد
        تاكيد التاكيد تاكيدات التاكيدات اكد اكدت مؤكد مؤكده
        الغاء الالغاء الغيت الغي يلغي الغو ملغي ملغاه انلغي اتلغي الغاءه
        رفض الرفض رفضت رفضو مرفوض مرفوضه انرفض يرفض ترفض اترفض
        استرداد الاسترداد استرد استردت استرجاع الاسترجاع استرجع ارجع ارجاع
        اغلاق الاغلاق اغلقت اغلق يغلق مغلق مغلقه تسكير سكر
        فتح الفتح افتح فتحت يفتح مفتوح مفتوحه
        تغيير التغيير اغير غيرت يغير تغير
        حذف الحذف احذف حذفت يحذف محذوف
        استعاده الاستعاده استعيد استعدت يستعيد
        حمايه الحمايه احمي احم يحمي محمي
        دخول الدخول ادخل دخلت يدخل ندخل ادخله
        تسجيل التسجيل سجلت اسجل يسجل مسجل
        تنفيذ التنفيذ نفذ تنفذ اتنفذ يتنفذ منفذ ينفذ
        احتيال الاحتيال محتال المحتال محتالين المحتالين
        نصب النصب نصاب نصابين انصب انتصب
        اختراق الاختراق مخترق اخترق اخترقت انخترق تهكر اتهكر هكر هاكر
        تعدين التعدين اعدن يعدن معدن المعدنين المعدنون
        توقيع التوقيع توقيعات اوقع وقعت موقع
        تحويل التحويل احول حولت يحول حولتها حولته محول تحويلات التحويلات التحويله تحويله حوالات حواله
        استثمار الاستثمار استثمر استثمرت المستثمر المستثمرين
        خساره الخساره خسرت خسر اخسر خسائر الخسائر خسارتي
        ربح الربح ارباح الارباح ربحت اربح
        وصول الوصول وصل وصلت يوصل يصل توصل ماوصل تصل واصل وصلني وصلتني
        انتظار الانتظار انتظر استني ننتظر منتظر
        ضريبه الضريبه ضرايب ضرائب الضرائب الضرايب
        تشفير التشفير مشفر مشفره المشفره اشفر
        قانوني القانوني قانونيه القانونيه قانون القوانين
        تفعيل التفعيل تفعل فعلت افعل يتفعل مفعل اتفعل
        رسوم الرسوم رسم رسومكم
        سعر السعر اسعار الاسعار
        عمله العمله عملات العملات عملاتي عملتي
        طلب الطلب طلبي طلبات الطلبات طلبت اطلب
        صفقه الصفقه صفقات الصفقات صفقتي
        مركز المركز مراكز المراكز مركزي
        محفظه المحفظه محفظتي محافظ المحافظ محفظتك
        حساب الحساب حسابي حسابات الحسابات حسابك
        فلوس الفلوس فلوسي اموال الاموال اموالي
    """,
}


@dataclass(frozen=True)
class Families:
    """The term of a family by its words, and by the beginnings of its words."""

    words: dict[str, str]
    beginnings: dict[str, str]
    longest: int

    def of(self, word: str) -> str | None:
        """The first word of the family of a plain word; None for words without one."""
        found = self.words.get(word)
        if found is not None:
            return found
        beginnings = (word[:length] for length in range(min(self.longest, len(word)), 1, -1))
        return next((self.beginnings[beginning] for beginning in beginnings if beginning in self.beginnings), None)


def lines_of(language: str) -> list[list[str]]:
    """The families of a language as they are written, the word that names each first."""
    return [line.split() for line in _FAMILIES.get(language, "").splitlines() if line.strip()]


@cache
def families_of(language: str) -> Families | None:
    """The families of a language; None where there are none."""
    lines = lines_of(language)
    if not lines:
        return None
    words: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    for line in lines:
        for form in line:
            (beginnings if form.endswith("*") else words)[form.removesuffix("*")] = line[0]
    return Families(words, beginnings, max(map(len, beginnings), default=0))
