/// The words of `human_words`, language by language. Only that file includes
/// it.
#pragma once

#include <array>
#include <string_view>

namespace assistly::answers {

/// '|' separates phrases, '*' ends a word of which longer forms count too.
struct human_row {
  std::string_view language;
  /// Beings: wanting one is clear enough.
  std::string_view human;
  /// Roles and pronouns: clear only alone or with a verb of contact.
  std::string_view role;
  /// "Talk to". Before the person, or behind it where verbs stand last.
  std::string_view contact;
  /// "I want". Before a being.
  std::string_view want;
  /// What may stand around a person in a message that is nothing but a request.
  std::string_view around;
  bool verb_last = false;
};

inline constexpr std::array human_rows{
  human_row{
    "en",
    "human|humans|human being|real person|real human|live person|live agent|"
    "live human|human agent|real agent|actual person|actual human|live chat|"
    "human support|human operator|real people",
    "agent|agents|representatives|person|people|someone|somebody|operator|"
    "representative|rep|adviser|"
    "advisor|manager|supervisor|staff|colleague|employee|assistant|"
    "customer service|customer support|customer care|support|"
    "member of staff",
    "talk to|talk with|speak to|speak with|speak|chat with|chat to|connect me|"
    "connect me to|connect me with|transfer me|transfer me to|put me through|"
    "put me through to|pass me to|forward me to|hand me over to|switch to|"
    "get me|give me",
    "i want|i need|i d like|i would like|i want to see|i prefer|want|need|"
    "can i have|can i get|could i have|could i get",
    "a|an|the|please|pls|plz|now|i|want|need|me|get|give|to|with|can|could|"
    "have|"
    "your|is there|hello|hi|hey|talk|speak|chat|connect|just|only|real|live|"
    "actual|thanks|like|would|d|asap"},
  human_row{
    "es",
    "humano|humana|ser humano|persona real|persona de verdad|agente humano|"
    "operador humano|persona fisica",
    "persona|alguien|agente|agentes|operador|operadora|asesor|asesora|"
    "representante|"
    "encargado|encargada|empleado|atencion al cliente|soporte",
    "hablar con|hable con|hablo con|comunicarme con|contactar con|"
    "comunicar con|pasame con|paseme con|pasar con|chatear con|ponme con|"
    "pongame con|me atienda|me comunique con|conectame con|transferirme",
    "quiero|necesito|quisiera|prefiero|dame|deme|busco|me gustaria",
    "un|una|el|la|con|por favor|porfavor|porfa|quiero|necesito|hablar|a|ya|"
    "ahora|hola|puedo|me|real|su|quisiera|gracias|algun"},
  human_row{
    "pt",
    "humano|humana|ser humano|pessoa real|pessoa de verdade|atendente humano|"
    "atendimento humano|agente humano",
    "pessoa|alguem|atendente|agente|operador|operadora|representante|"
    "funcionario|consultor|vendedor|suporte|sac",
    "falar com|falar c|fale com|conversar com|passar para|me passa para|"
    "me transfere|me transfira|transferir para|contatar|contactar",
    "quero|preciso|preciso de|queria|gostaria de|prefiro",
    "um|uma|o|a|com|por favor|pf|pfv|quero|preciso|de|falar|agora|ola|oi|posso|"
    "me|real|obrigado|gostaria"},
  human_row{
    "fr",
    "humain|humaine|etre humain|vraie personne|personne reelle|agent humain|"
    "vrai humain|conseiller humain",
    "personne|quelqu'un|agent|operateur|operatrice|conseiller|conseillere|"
    "representant|collegue|employe|responsable|service client",
    "parler a|parler avec|parle a|parler|discuter avec|echanger avec|"
    "passez moi|passe moi|mettez moi en relation avec|contacter|joindre|"
    "etre mis en relation avec",
    "je veux|je voudrais|j'ai besoin|j'ai besoin d'|j'aimerais|je souhaite|"
    "donnez moi",
    "un|une|le|la|a|avec|s'il vous plait|s'il te "
    "plait|svp|stp|je|veux|voudrais|"
    "parler|bonjour|maintenant|peux|puis|vrai|vraie|merci|de|d"},
  human_row{
    "de",
    "mensch*|echte person|echten person|echter mensch|echten menschen|"
    "richtigen menschen",
    "mitarbeiter*|person|jemand|jemanden|jemandem|agent*|berater*|kollege*|"
    "kollegin|ansprechpartner*|kundenservice|kundendienst|kundenberater*|"
    "support",
    "sprechen|reden|verbinden|verbinde|weiterleiten|weitergeleitet|chatten|"
    "telefonieren|sprich",
    "ich will|ich mochte|ich brauche|ich hatte gern|ich hatte gerne|ich "
    "wunsche",
    "ein|eine|einen|einem|einer|der|die|den|dem|mit|bitte|ich|will|mochte|"
    "brauche|sprechen|jetzt|hallo|kann|konnte|mal|echte|echten|gerne|danke|"
    "einmal|nur",
    true},
  human_row{
    "it",
    "umano|umana|essere umano|persona reale|persona vera|operatore umano|"
    "persona in carne ed ossa",
    "persona|qualcuno|operatore|operatrice|agente|addetto|consulente|"
    "responsabile|collega|assistenza|servizio clienti",
    "parlare con|parlo con|parlare|chattare con|mettermi in contatto con|"
    "passami|passatemi|mi passi|contattare|comunicare con",
    "voglio|vorrei|ho bisogno|ho bisogno di|mi serve|preferisco",
    "un|una|uno|l|il|la|con|per favore|perfavore|voglio|vorrei|parlare|ciao|"
    "adesso|ora|posso|vero|vera|grazie|di"},
  human_row{
    "nl",
    "mens|mensen|echt persoon|echte persoon|echt mens|menselijke medewerker",
    "medewerker*|persoon|iemand|agent|collega|adviseur|klantenservice|"
    "klantendienst|vertegenwoordiger",
    "spreken|praten|chatten|doorverbinden|doorverbonden|praat|spreek",
    "ik wil|ik wil graag|ik zoek|ik heb|ik zou graag",
    "een|de|het|met|aub|alstublieft|graag|ik|wil|kan|spreken|nu|hallo|echt|"
    "echte|svp|bedankt",
    true},
  human_row{"sv", "manniska|riktig person|riktig manniska|levande person",
            "person|nagon|agent|medarbetare|handlaggare|kundtjanst|kundservice|"
            "representant|kollega",
            "prata med|tala med|snacka med|chatta med|koppla mig till|kontakta",
            "jag vill ha|jag behover|jag vill|jag onskar",
            "en|ett|med|tack|jag|vill|kan|fa|prata|nu|hej|riktig|snalla"},
  human_row{"da", "menneske|rigtig person|rigtigt menneske|levende person",
            "person|nogen|agent|medarbejder|radgiver|kundeservice|kollega",
            "tale med|snakke med|chatte med|stille mig om til|kontakte",
            "jeg vil have|jeg har brug for|jeg vil|jeg onsker",
            "en|et|med|tak|jeg|vil|kan|gerne|tale|nu|hej|rigtig|venligst"},
  human_row{"no", "menneske|ekte person|ekte menneske|levende person",
            "person|noen|agent|medarbeider|radgiver|kundeservice|"
            "kundebehandler|kollega",
            "snakke med|prate med|chatte med|sette meg over til|kontakte",
            "jeg vil ha|jeg trenger|jeg vil|jeg onsker",
            "en|et|med|takk|jeg|vil|kan|gjerne|snakke|na|hei|ekte|vennligst"},
  human_row{
    "fi", "ihminen|ihmisen|ihmiselle|ihmista|oikea ihminen|oikean ihmisen",
    "henkilo*|asiakaspalvelija*|asiakaspalvelu*|tyontekija*|virkailija*|joku|"
    "jonkun",
    "puhua|puhun|jutella|keskustella|yhdista|yhdistakaa",
    "haluan|tarvitsen|haluaisin",
    "kiitos|haluan|kanssa|puhua|nyt|hei|oikea|oikean|voinko|haluaisin", true},
  human_row{
    "pl",
    "czlowiek*|zywy czlowiek|zywym czlowiekiem|prawdziwa osoba|prawdziwa osobe|"
    "prawdziwym czlowiekiem",
    "osoba|osobe|kims|ktos|konsultant*|agent|agentem|pracownik*|doradca|"
    "doradcy|"
    "operator*|obsluga klienta",
    "porozmawiac z|rozmawiac z|rozmowa z|rozmowe z|polacz z|polacz mnie z|"
    "polaczyc z|pogadac z|skontaktowac sie z",
    "chce|potrzebuje|poprosze|prosze o|chcialbym|chcialabym",
    "z|prosze|poprosze|chce|teraz|o|dzien dobry|czy|moge|zywym|zywy"},
  human_row{
    "cs",
    "clovek|clovekem|cloveka|ziveho cloveka|zivym clovekem|skutecny clovek|"
    "skutecnou osobou",
    "osoba|osobou|nekym|nekoho|operator*|pracovnik*|zamestnanec|zamestnancem|"
    "kolega|kolegou|zakaznicka podpora|zakaznickou podporou",
    "mluvit s|mluvit se|hovorit s|hovorit se|promluvit s|spojte me s|"
    "prepojte me na|prepojit na|chatovat s",
    "chci|potrebuji|prosim|chtel bych|chtela bych",
    "s|se|prosim|chci|ted|dobry den|muzu|mohu|zivym"},
  human_row{
    "ro",
    "om|om real|fiinta umana|persoana reala|persoana adevarata|operator uman|"
    "agent uman",
    "persoana|cineva|operator*|agent|consultant|coleg|angajat|reprezentant|"
    "serviciul clienti",
    "vorbesc cu|vorbi cu|vorbim cu|discut cu|discuta cu|ma conectati cu|"
    "contacta",
    "vreau|doresc|am nevoie de|as dori|as vrea",
    "un|o|cu|va rog|vreau|sa|doresc|acum|buna|as|pot|vorbesc|real|reala"},
  human_row{"hu", "ember|emberrel|embert|elo ember|elo emberrel|valodi ember*",
            "ugyintezo*|munkatars*|szemely*|valaki|valakivel|operator*|"
            "ugyfelszolgalat*",
            "beszelni|beszelhetek|beszelnek|kapcsoljon|kapcsoljanak|chatelni|"
            "beszelgetni",
            "szeretnek|szeretnem|akarok|kerek|kerem",
            "egy|kerem|szeretnek|beszelni|most|szia|jo napot|elo|az|a|kerek",
            true},
  human_row{
    "el", "ανθρωπο|ανθρωπος|πραγματικο ανθρωπο|αληθινο ανθρωπο",
    "ατομο|καποιον|υπαλληλο|υπαλληλος|εκπροσωπο|εκπροσωπος|συνεργατη|"
    "εξυπηρετηση πελατων|πρακτορα",
    "μιλησω με|μιλησω σε|μιλαω με|να μιλησω|συνδεσε με με|συνδεστε με με|"
    "επικοινωνησω με",
    "θελω|χρειαζομαι|θα ηθελα",
    "με|εναν|ενα|θελω|παρακαλω|να|τωρα|γεια|μπορω|μιλησω|θα|ηθελα"},
  human_row{
    "tr", "insan*|gercek insan*|gercek kisi|gercek bir insan*|canli destek",
    "yetkili*|temsilci*|musteri temsilci*|musteri hizmetleri*|operator*|biri|"
    "biriyle|birisiyle|kisi|danisman*|calisan*",
    "gorusmek|konusmak|gorusebilir|konusabilir|gorusmem|konusmam|baglan*|"
    "baglayin|baglar|aktar*|gorusme",
    "istiyorum|isterim|lazim",
    "bir|lutfen|istiyorum|ile|gorusmek|simdi|merhaba|hemen|konusmak|canli|"
    "gercek|tesekkurler",
    true},
  human_row{
    "ru",
    "человек|человека|человеком|живой человек|живого человека|"
    "живым человеком|живой оператор",
    "оператор*|агент|агентом|менеджер*|сотрудник*|специалист*|консультант*|"
    "кто нибудь|кем нибудь|администратор*|поддержка|поддержку|поддержкой",
    "поговорить с|говорить с|пообщаться с|связаться с|соедините|соедините с|"
    "соедини|переключите|переключите на|переведите на|позовите|свяжите с|"
    "свяжите меня с|позови",
    "хочу|мне нужен|нужен|дайте|нужно|хотелось бы",
    "пожалуйста|хочу|мне|нужен|с|со|живой|живого|живым|сейчас|здравствуйте|"
    "можно|на|позвать|срочно"},
  human_row{
    "uk", "людина|людину|людиною|жива людина|живу людину|живою людиною",
    "оператор*|агент|агентом|менеджер*|працівник*|спеціаліст*|консультант*|"
    "кимось|хтось|підтримка|підтримку|підтримкою",
    "поговорити з|говорити з|поспілкуватися з|зв'язатися з|з'єднайте|"
    "з'єднайте з|переключіть на|покличте",
    "хочу|мені потрібен|мені потрібна|потрібен|потрібна|дайте",
    "будь ласка|хочу|мені|потрібен|потрібна|з|із|жива|живу|зараз|вітаю|можна"},
  human_row{
    "id", "manusia|orang asli|orang sungguhan|agen manusia",
    "orang|seseorang|agen|operator|petugas|staf|staff|admin|cs|"
    "customer service|perwakilan",
    "bicara dengan|berbicara dengan|bicara sama|ngobrol dengan|"
    "ngobrol sama|chat dengan|hubungkan saya dengan|hubungkan dengan|"
    "sambungkan ke|dihubungkan dengan",
    "saya mau|saya ingin|mau|ingin|saya butuh|butuh|minta",
    "dengan|tolong|mau|saya|bicara|mohon|sekarang|halo|ingin|ke|bisa|dong|kak"},
  human_row{
    "vi", "con nguoi|nguoi that|nhan vien that",
    "nhan vien|tu van vien|nguoi|tong dai vien|dien thoai vien|quan ly|"
    "cham soc khach hang",
    "noi chuyen voi|gap|chat voi|ket noi voi|chuyen cho|chuyen den|lien he voi|"
    "trao doi voi",
    "toi muon|toi can|muon|can|cho toi",
    "toi|muon|voi|lam on|xin|vui long|cho|gap|mot|ngay|bay gio|a|nhe|em|minh"},
  human_row{
    "ar", "انسان|إنسان|شخص حقيقي|انسان حقيقي|بشري|موظف بشري",
    "شخص|موظف|وكيل|ممثل|مندوب|احد|خدمة العملاء|الدعم|مسؤول|المسؤول",
    "التحدث مع|اتحدث مع|أتحدث مع|التحدث الى|التحدث إلى|اتكلم مع|أتكلم مع|"
    "الكلام مع|التواصل مع|اكلم|أكلم|حولني الى|حولني إلى|حولني",
    "اريد|أريد|احتاج|أحتاج|ابغى|عايز",
    "اريد|أريد|من فضلك|لو سمحت|مع|الى|إلى|الان|الآن|مرحبا|التحدث"},
  human_row{"fa", "انسان|آدم واقعی|ادم واقعی|انسان واقعی",
            "اپراتور|کارشناس|پشتیبان|پشتیبانی|شخص|مسئول|همکار",
            "صحبت کنم|حرف بزنم|صحبت|وصل کنید|وصلم کنید|گفتگو",
            "میخواهم|می خواهم|میخوام|لازم دارم",
            "با|یک|لطفا|میخواهم|می|خواهم|الان|سلام|میخوام", true},
  human_row{"he", "אדם|בן אדם|בנאדם|אנושי|נציג אנושי|מענה אנושי|אדם אמיתי",
            "נציג|נציגה|מישהו|מישהי|סוכן|עובד|שירות לקוחות|מנהל|תמיכה",
            "לדבר עם|לשוחח עם|דברו איתי|להתחבר ל|תעבירו אותי ל|העבירו אותי ל|"
            "להעביר אותי ל|מענה של",
            "אני רוצה|אני צריך|אני צריכה|רוצה|צריך|צריכה|תביאו לי|אפשר",
            "עם|בבקשה|אני|רוצה|צריך|צריכה|לדבר|עכשיו|שלום|אפשר|היי|תודה"},
  human_row{"hi", "इंसान|असली इंसान|मनुष्य|insaan|insan se",
            "एजेंट|व्यक्ति|किसी|प्रतिनिधि|कर्मचारी|ग्राहक सेवा|कस्टमर केयर",
            "बात करनी|बात करना|बात करवाइए|बात कराओ|बात|जोड़िए|कनेक्ट", "मुझे|चाहिए",
            "से|कृपया|मुझे|एक|चाहिए|है|नमस्ते|अभी|करनी|बात|करना", true},
  human_row{"bg", "човек|жив човек|истински човек",
            "оператор*|агент|служител*|консултант*|някого|някой|представител",
            "говоря с|да говоря с|разговарям с|свържете ме с|прехвърлете ме",
            "искам|трябва ми|нужен ми е|бих искал|бих искала",
            "с|моля|искам|да|сега|здравейте|мога|жив|говоря"},
  human_row{"hr",
            "covjek|covjekom|covjeka|stvarna osoba|stvarnom osobom|zivi "
            "covjek|ziva osoba|ljudsko bice",
            "osoba|osobom|netko|nekim|agent|agentom|operater*|djelatnik*|"
            "zaposlenik*|korisnicka podrska",
            "razgovarati s|razgovarati sa|pricati s|pricati sa|spojite me s|"
            "kontaktirati|popricati s",
            "zelim|trebam|hocu|htio bih|htjela bih",
            "s|sa|molim|zelim|sada|bok|mogu|zivom|zivim|trebam"},
};

/// Scripts without spaces: looked for inside the line.
inline constexpr std::string_view human_requests =
  "转人工|轉人工|人工客服|人工服务|人工服務|真人客服|找人工|找真人|跟真人|"
  "和真人|人と話|人間と話|オペレーターと|オペレーターに|担当者と話|"
  "担当者につな|スタッフと話|有人対応|有人チャット|상담원 연결|상담사 연결|"
  "상담원과|상담사와|상담원이랑|상담원 바꿔|사람과 이야기|사람이랑|"
  "사람과 대화|คุยกับคน|คุยกับเจ้าหน้าที่|คุยกับพนักงาน|คุยกับแอดมิน|"
  "ติดต่อเจ้าหน้าที่|ขอสายเจ้าหน้าที่";

/// Scripts without spaces: the whole line.
inline constexpr std::string_view human_alone =
  "人|人工|客服|真人|人間|オペレーター|担当者|スタッフ|사람|상담원|상담사|"
  "직원|คน|เจ้าหน้าที่|พนักงาน|แอดมิน";

} // namespace assistly::answers
