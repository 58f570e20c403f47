"""Words of one family that a stemmer leaves apart: `lost` and `lose`, `вывод` and `вывести`, `retrait` and `retirer`.

A line is a family; its first word gives the family its term. Words are folded and without diacritics, as
`analyzers.without_marks` gives them. A star stands for any ending: where several beginnings fit, the longest counts.
A beginning is long enough to leave out words of another meaning; where it cannot be, these have a longer beginning of
their own: `ростов*` beside `рост`. `й` is `и` here, and `ئ` is `ي`, as they lose their marks too.
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
        make makes making made
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
        perder perde* pierd* perdi perdio perdia* perdiend* perdier* perdimos perdiste perdid*
        cerrar cierr* cerra* cerro cerre*
        abrir abre abren abres abri abrio abrir* abiert* apertura
        vender vende vendes venden vendemos vendo vendi vendio vendia* vendid* vendiend* vendier* vendiste vendimos \
            venda vendan vender* vendedor* venta ventas
        pagar paga pagas pagan pagamos pagado* pagada* pagador* pagando* pagar* pagaba* pagaste pago pagos pague*
        robar roba* robo robos
        bloqueo bloquea* bloquee* bloqueos
        devolver devolv* devuelv* devolucion* devuelt*
        mostrar muestr* mostr*
        costar cuesta* cueste* coste costes
        encontrar encuentr* encontr*
        mover mueve* mover* movim* movid* moviend*
        probar prueb* probar* probad* proband*
        comprobar comprueb* comprob*
        proteger proteg* protej* proteccion protecciones
        elegir elig* elija elijas elijan elijo elijamos eleccion*
        pedir pide* pido pidio pida pidan pedi pedir* pedid*
        seguir sigue sigo siguen seguir* seguimiento
        empezar empiez* empez*
        caer cae caen caemos caera caeran caeria caerse caia caian caida caidas caido caidos caig* cayo cayeron cayendo
        ganar gana ganas ganan ganamos ganaste ganando ganado ganada ganados ganadas ganador* ganar* ganaba* gano \
            ganancia ganancias
        transferir transfier* transfer* transferencia*
        convertir conviert* convert* conversion*
        invertir inviert* inverti* inversion* inversor*
        acceder acced* acceso accesos
        donar dona donan donacion* donativ* donaron
        minar mineri* minero mineros
    """,
    "fr": """
        perdre perd perds perdu perdue perdus perdues perdant* perde* perdons perdai* perdra* perdro* perdit perte \
            pertes
        envoyer envoi* envoy*
        recevoir recev* recoit recois recoive* recu recus recue recues reception receptions
        retirer retir* retrait retraits
        deposer depose* deposa* deposi* deposo* depot depots
        acheter achet* achat achats acheteur*
        vendre vendent vendez vendons vendant vendai* vendra* vendeur* vendeuse* vendu* vends vend vente ventes
        payer paye payes payee* payent payez payer* payeur* payement* payons payan* payai* paya payable* paie paies \
            paient paier* paiement*
        voler vole vol vols volee volees voles voleur*
        bloquer bloqu* blocage* deblocage* debloqu*
        verifier verifi*
        rejeter rejet rejets rejete* rejeta* rejett*
        fermer ferme fermes fermee* fermez fermer* fermai* fermant fermeture*
        ouvrir ouvre ouvres ouvrent ouvrez ouvrons ouvrant ouvrait ouvraient ouvrir* ouvert* ouverture*
        modifier modifi*
        supprimer supprim* suppression*
        proteger proteg* protection protections
        choisir choisi* choix
        connecter connect connecte* connecta* connecto* connection* connexion*
        pirater pirat*
        miner minag* mineur mineurs minage minent
        signer signe signes signee* signature*
        transferer transfer* transfert*
        prouver prouv* preuve preuves
        acceder acced* acces
        echouer echou* echec echecs
        attendre attend* attente*
        gagner gagn* gain gains
        imposer imposable* imposition* impot impots
        anonyme anonym*
        disparaitre disparai* disparu* disparition*
        apparaitre apparai* apparu*
        retraite retraites
        pays
        vent vents
        vendee vendeen*
    """,
    "pt-br": """
        perder perde* perdi perdia* perdid* perco perca perda perdas
        sacar saca sacam sacado sacada sacados sacadas sacando sacara sacaram sacaria sacarem sacou saco saque saques \
            saquei saquem
        vender vende vendem vendemos vendendo vendeu vendedor* vender* vendi vendia* vendid* vendo vendam venda vendas
        pagar paga pagas pagam* pagand* pagado* pagador* pagar* pagante* pagava* pago pagos pagu*
        roubar roub* roubo roubos
        bloquear bloque* bloqueio*
        devolver devolv* devoluc*
        fechar fech* fechamento*
        abrir abre abrem abri abriu abrir* abert* abertura
        trocar troc* troca trocas troqu*
        excluir exclui* exclusao
        proteger proteg* protej* protecao protecoes
        cobrar cobra cobram cobramos cobrad* cobrand* cobrar* cobrava* cobrou cobrei cobranca*
        golpe golp*
        hackear hackea* hacker* raquea* raqueo*
        minerar minera* minerou
        assinar assina assinam assinamos assinad* assinan* assinar* assinav* assinou assinei assine* assino assinatura*
        transferir transfir* transfer*
        investir invista* investim* investido* investida* investidor*
        comprovar comprov*
        acessar acesso acessos acessa*
        doar doa* doac*
        anonimo anonim*
        mineral mineral* minerai*
    """,
    "ru": """
        сделать сдела*
        терминал терминал*
        страхование страхова* страховк*
        вывод вывод* вывест* вывел* вывож* вывед* выведен*
        снять сня* снима* снят*
        ввод ввод* ввест* введ* ввел* ввож*
        пополнить пополн*
        внести внес* внос*
        отправить отправ*
        послать послал* послат* послав* посыла* пошлю* пошлет* пошлеш* пошлите* шлет шлют шлю
        получить получ*
        приити приит* пришел пришла* пришло* пришли* пришедш* придет* придут* придем* придеш* приду приход*
        зачислить зачисл*
        купить купи купит* купил* купим* купиш* купив* куплю* куплен* покуп*
        продать прода*
        платить плати платит* платил* платиш* платим* платеж* плательщ* плате платн* плату плата заплат* оплат* оплач*
        украсть украл* украд* украв* краж* крад*
        потерять потеря* потери* потерю* потерь* потереи* потере
        забыть забы* забуд* забыва*
        заморозить замороз* заморож* замораж*
        заблокировать заблокир* блокир* разблокир*
        верифицировать верифиц* верифик*
        подтвердить подтвер* подтверж*
        проверить провери* проверя* проверк* проверок* проверочн* проверь* проверю* проверен*
        ликвидация ликвидац* ликвидир*
        отменить отмен*
        отклонить отклон*
        отказать отказ*
        вернуть верну* вернет* вернем* верните* возвра* возвращ*
        закрыть закры* закро*
        открыть откры* открое* открои* открою*
        изменить измен*
        сменить смен* сменя*
        поменять поменя* менят* меняю*
        удалить удали* удален* удаля* удалю*
        восстановить восстанов* восстанав*
        сохранить сохран*
        хранить хран* хранил*
        защитить защит* защищ*
        выбрать выбрат* выбрал* выбран* выбрав* выбер* выбир* выбор*
        воити воити* воид* вошел* вошл* вошед* вход входа входу входом входе входы входить входит входил* захож* \
            заити* заид* зашел* зашл* заход*
        зарегистрировать зарегистр* регистрир* регистрац*
        исполнить исполн*
        обмануть обман*
        мошенник мошен*
        взломать взлом* взлам*
        маининг маинин* маинер* маинит*
        подписать подпис*
        перевести перевест* перевел* перевед* перевод* перевож*
        конвертировать конвертир* конвертац* конвертер* конвертор*
        инвестировать инвест*
        доказать доказ*
        законныи законн* закон закона законом законы
        зашифровать зашифр* шифр*
        потратить потрат* трати* тратят* трата трату траты трат
        заработать заработ* зарабат*
        подделать поддел*
        пропасть пропал* пропад* пропаж* пропаст* пропавш*
        исчезнуть исчез*
        упасть упал* упаст* упаде* упаду* упавш* пада* паден*
        вырасти вырос* выраст* рост роста росту ростом росте растет* растут* растущ*
        списать списа* списы*
        начислить начисл*
        торговать торгов* торгу*
        пожертвовать пожертв*
        сработать сработ* срабат*
        ждать ждал* ждут ждем жду ждет ожид* подожд*
        скачать скача* скачив*
        загрузить загруз* загруж*
        обновить обнов*
        обмен обмен*
        верная верную*
        выборг выборг*
        исполнительная исполнительн*
        открытка открытк* открыток
        переводчик переводчик*
        подписка подписк* подписок подписчик*
        получше
        приходится приходиться приходилось пришлось* пришлась*
        прислать присла* присыла* пришлю* пришлет* пришлите*
        ростов ростов*
    """,
    "tr": """
        cekme cekme* cekem* cekil* cekti* cekiyor* cekmek cekim* cekin cekebil* cekec* ceksem cekip cekerken
        yatirma yatir*
        gonderme gonder*
        alma alama* alabil* alim alimi alimlar almak aldim aliyor*
        satin satin*
        satma satma* satis* satiyor* satti* satabil* satmak
        odeme odeme* odedi* odey* odemi* odeni* odenen* odenec* odend* odenm* ode oder odersin* oderim oderiz oderken
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
        silme silm* silini* silinm* silinen* silinec* silindi silindikten sildi* siliyor* silebil*
        kurtarma kurtar*
        saklama sakla*
        koruma koru*
        secme secme* secim* secen* secil* secti sectig* sectim* sectik* sectil* seciyor* secece* secebil* secerek
        giris giris* girem* girmek giriyor* girdi* girebil* girile*
        kayit kayit* kaydol* kaydet* kaydi
        dolandirma dolandir*
        madencilik madenci* maden*
        donusturme donustur* donusum* donusme* donusebil*
        harcama harca*
        kazanma kazan*
        bekleme bekle*
        gelme gelmed* gelmiyor geldi geliyor
        gorunme gorun*
        ulasma ulas*
        dusme dusme* dustu* dusen* duser* dusuyor* dusus* dusece* dusmus* dusur* dusebil*
        yukselme yuksel*
        bagis bagis*
        yedekleme yedek*
        guncelleme guncelle*
        kopma kopuyor* koptu* kopma* kopukluk*
        calisma calis*
        tetikleme tetikle*
        yatirim yatirim*
        cekmece cekmece*
        cekmekoy cekmekoy*
        cekimser cekimser*
        sec
        girisimci girisim*
        goruntuleme goruntu*
        ulasim ulasim*
        almanya almanya* almanca* alman
        silindir silindir*
        bagisiklik bagisik*
    """,
    "ar": """
        سحب السحب سحبت اسحب نسحب يسحب تسحب سحبي سحوبات السحوبات للسحب سحبها سحبتها سحبته والسحب بسحب بالسحب المسحوب
        ايداع الايداع ايداعي ايداعات الايداعات اودع اودعت اودعته اودعتها يودع نودع للايداع والايداع ايداعه
        تصفيه التصفيه تصفيتي تصفيت تصفو صفوني تصفوني للتصفيه اتصفي اتصفت صفت تصفيات بالتصفيه
        ارسال الارسال ارسلت ارسل يرسل ارسلها ارسلته ارسلتها نرسل مرسل المرسل المرسله ارسلو
        استلام الاستلام استلمت استلم يستلم تستلم استلمها مستلم المستلم
        شراء الشراء اشتري اشتريت نشتري يشتري تشتري للشراء شرايي شرا
        بيع البيع ابيع بعت نبيع يبيع تبيع للبيع
        دفع الدفع ادفع دفعت يدفع تدفع ندفع دفعه دفعات المدفوعات للدفع
        سرقه السرقه سرق سرقت انسرق انسرقت سرقو مسروق مسروقه المسروقه السارق
        نسيان نسيت انسي ننسي ينسي نسي
        تجميد التجميد جمد جمدت جمدو مجمد مجمده المجمده متجمد انجمد تجمد
        حظر الحظر محظور حظرت حظرو انحظر
        قفل القفل مقفل مقفول قفلت انقفل اقفل مقفله
        توثيق التوثيق وثقت اوثق موثق توثق
        تحقق التحقق اتحقق يتحقق التاكد اتاكد
        تاكيد التاكيد تاكيدات التاكيدات اكد اكدت موكد موكده
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
        خساره الخساره خسرت خسر اخسر خساير الخساير خسارتي
        ربح الربح ارباح الارباح ربحت اربح
        وصول الوصول وصل وصلت يوصل يصل توصل ماوصل تصل واصل وصلني وصلتني
        انتظار الانتظار انتظر استني ننتظر منتظر
        ضريبه الضريبه ضرايب الضرايب
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
