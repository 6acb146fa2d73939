#include "answers/function_words.hpp"

#include "answers/normalise.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <unordered_map>

namespace assistly::answers {

namespace {

struct table_row {
  std::string_view language;
  std::string_view filler;
  std::string_view question;
};

/// Separated by one space. "Which", "what" and "how" are fillers: they stand
/// before nearly every question.
constexpr std::array rows{
  table_row{
    "en",
    "a an the this that these those it its is are am was were be been being do "
    "does did done doing dont can could will would shall should may might must "
    "i im ive id me my mine you your youre yours we our us they them their he "
    "she his her him to of in on at by for from with about as into and or but "
    "if so then than there here what whats which how hows have has had get got "
    "need want wanna like please pls plz tell know let hi hello hey thanks "
    "thank just also some any very really too now ok okay well good morning "
    "afternoon evening day wondering wonder question ask help give say up out "
    "all one u ur hows lets sir madam guys",
    "when where who why whose much many long often far"},
  table_row{
    "es",
    "el la los las un una unos unas lo le les de del al a en con por para y e "
    "o "
    "u que cual cuales como es son soy eres esta estan estoy este esto ese eso "
    "ser estar ha han he hay tiene tienen tengo tienes tener puede pueden "
    "puedo "
    "puedes podria podrian quiero quisiera queria necesito me te se mi mis tu "
    "tus su sus nos yo usted ustedes si ya muy mas hola buenas buenos dias "
    "tardes noches gracias favor por decir decirme dime saber pregunta una "
    "duda "
    "ahi aqui asi algo alguna algun tambien pero sobre hacer hace haceis "
    "teneis "
    "os vosotros nosotros ella ellos",
    "cuando donde quien quienes cuanto cuanta cuantos cuantas porque"},
  table_row{
    "pt",
    "o a os as um uma uns umas de do da dos das em no na nos nas ao aos por "
    "para pra com e ou que qual quais como sao ser estar esta estao estou este "
    "isto esse isso isto tem tenho ter ha pode podem posso poderia quero "
    "queria "
    "gostaria preciso me te se meu minha meus minhas seu sua seus suas voce "
    "voces eu nos ele ela sim ja muito mais ola oi bom boa dia tarde noite "
    "obrigado obrigada favor dizer saber pergunta duvida aqui ai tambem mas "
    "sobre fazer faz algum alguma vcs vc",
    "quando onde quem quanto quanta quantos quantas porque"},
  table_row{
    "fr",
    "le la les un une des du de au aux a en dans avec par pour sur et ou que "
    "qui quoi quel quelle quels quelles comment est sont suis etes etre ce cet "
    "cette ces ca cela il elle ils elles on nous vous je tu moi me te se mon "
    "ma "
    "mes ton ta tes votre vos notre nos son sa ses ai as avez avons ont avoir "
    "peut peux pouvez puis pourrais pourriez veux voudrais souhaite besoin y "
    "ne "
    "pas si bonjour bonsoir salut merci svp plait stp dire savoir question "
    "tres "
    "plus aussi mais faire fait faites quelque est",
    "quand ou combien pourquoi"},
  table_row{
    "de",
    "der die das den dem des ein eine einen einem einer eines und oder aber "
    "ist "
    "sind bin bist war sein seid ich mich mir du dich dir sie ihr ihre ihren "
    "ihnen er es wir uns unser euer eure euch mein meine meinen meinem meiner "
    "dein deine in im an am auf aus bei mit nach von vom zu zum zur fur uber "
    "um "
    "als auch noch schon so da dass wenn dann doch mal bitte danke hallo hi "
    "guten morgen tag abend kann konnen konnte konnten konnt will wollen "
    "mochte "
    "mochten wurde wurden haben habe hat hatte hatten habt gibt geben was "
    "welche welcher welches wie sagen wissen frage hatt gerne man sich nur "
    "hier",
    "wann wo wer warum wieso wieviel viel viele woher wohin lange weit"},
  table_row{
    "it",
    "il lo la i gli le un uno una di del dello della dei degli delle a al allo "
    "alla ai agli alle da dal dalla in nel nella nei con su sul sulla per tra "
    "e "
    "ed o che cosa quale quali come e sono sei siete essere sta questo questa "
    "quello quella ho hai ha abbiamo avete hanno avere posso puoi puo potete "
    "potrei potreste voglio vorrei bisogno mi ti si ci vi mio mia miei tuo tua "
    "suo sua vostro vostra vostri io tu lui lei noi voi loro ciao salve "
    "buongiorno buonasera grazie favore sapere dire domanda molto piu anche ma "
    "fare fate c",
    "quando dove dov chi quanto quanta quanti quante perche"},
  table_row{
    "nl",
    "de het een en of maar is zijn ben bent was ik mij me je jij jouw u uw hij "
    "zij ze wij we ons onze jullie hun mijn dit dat deze die in op aan bij met "
    "van voor naar uit om te tot over als ook nog al dan er daar hier kan kunt "
    "kunnen kon wil willen wilt zou zouden graag heb hebt heeft hebben had "
    "moet wat welke hoe zo wel hallo hoi dag goedemorgen goedemiddag bedankt "
    "dank alstublieft aub weten vraag zeggen iets",
    "wanneer waar wie waarom hoeveel hoelang"},
  table_row{
    "sv",
    "en ett den det de och eller men ar var vara jag mig du dig ni er han hon "
    "vi oss min mitt mina din ditt dina era ert i pa av till fran med for om "
    "som att sa nar har hade kan kunde vill skulle ska vad vilken vilka hur "
    "hej "
    "tack snalla veta fraga finns",
    "nar var vem varfor mycket lange manga"},
  table_row{
    "da",
    "en et den det de og eller men er var vaere jeg mig du dig i jer han hun "
    "vi "
    "os min mit mine din dit dine jeres pa af til fra med for om som at har "
    "havde kan kunne vil ville skal hvad hvilken hvilke hvordan hej tak venlig "
    "vide sporgsmal findes",
    "hvornar hvor hvem hvorfor meget laenge mange"},
  table_row{
    "no",
    "en et ei den det de og eller men er var vaere jeg meg du deg dere han hun "
    "vi oss min mitt mine din ditt dine deres i pa av til fra med for om som "
    "at "
    "har hadde kan kunne vil ville skal hva hvilken hvilke hvordan hei takk "
    "vennligst vite sporsmal finnes",
    "nar hvor hvem hvorfor mye lenge mange"},
  table_row{
    "fi",
    "ja tai mutta on ovat ole olen olla oli mina minun sina sinun te teidan "
    "han "
    "me meidan he se ne tama taman nama voi voin voiko voisi haluan haluaisin "
    "onko mika mita millainen miten kuinka hei moi terve kiitos ole hyva etta "
    "kun jos myos",
    "milloin missa mista mihin kuka miksi paljonko monta kauan"},
  table_row{
    "pl",
    "i a o w we z ze na do od po za dla przez sie jest sa byc bylo jestem ja "
    "mi "
    "mnie moj moja moje ty ci twoj wy wam wasz wasze wasza pan pani panstwo to "
    "ten ta te tego tej czy jak jaki jaka jakie co ktory ktora moge mozna "
    "mozecie chce chcialbym chcialabym mam ma macie prosze dziekuje czesc "
    "dzien dobry witam tez juz ale lub wiedziec pytanie",
    "kiedy gdzie kto dlaczego ile skad dokad"},
  table_row{
    "cs",
    "a i o v ve z ze na do od po za pro se si je jsou byt byl jsem ja mi me "
    "muj "
    "moje ty vy vam vas vase to ten ta te tento jak jaky jaka jake co ktery "
    "muzu mohu muzete chci chtel chtela mam ma mate prosim dekuji ahoj dobry "
    "den take uz ale nebo",
    "kdy kde kdo proc kolik odkud kam"},
  table_row{
    "ro",
    "un o si sau dar este e sunt am ai are aveti eu tu voi dumneavoastra mi "
    "imi "
    "va vi meu mea de la in pe cu din pentru ca sa se ce care cum pot puteti "
    "poate vreau as dori buna ziua salut multumesc va rog stiu intrebare",
    "cand unde cine cat cata cati cate"},
  table_row{
    "hu",
    "a az egy es vagy de hogy is van vannak volt vagyok en te on onok mi ti ok "
    "az ez ezt nekem ha milyen melyik mi mit hogyan szeretnek szeretnem kell "
    "lehet tud tudok kerem koszonom szia hello jo napot",
    "mikor hol ki miert mennyi hany hova"},
  table_row{
    "tr",
    "bir ve veya ama bu su o ben bana benim sen sizin siz size biz de da mi mu "
    "mi mu icin ile gibi var olarak ne nasil hangi istiyorum lutfen merhaba "
    "selam tesekkurler tesekkur ederim iyi gunler acaba misiniz musunuz",
    "nerede nereye kim neden kac zaman"},
  table_row{
    "ru",
    "и а но или в во на с со к по за от до из для о об у не я мне меня мои моя "
    "мое ты вы вам вас ваш ваша ваши он она оно мы они это этот эта эти есть "
    "быть был была ли же бы как какой какая какие какое что чтобы можно могу "
    "можете хочу хотел хотела нужно надо здравствуйте привет добрый день вечер "
    "спасибо пожалуйста подскажите скажите вопрос еще уже то",
    "когда где кто почему сколько куда откуда"},
  table_row{
    "uk",
    "і и а але або в у на з із зі до по за від для про не я мені мене мій моя "
    "моє ти ви вам вас ваш ваша ваші він вона воно ми вони це цей ця ці є бути "
    "був була чи же як яка який які яке що щоб можна можу можете хочу хотів "
    "потрібно треба вітаю привіт добрий день дякую будь ласка підкажіть "
    "скажіть питання ще вже якии міи цеи",
    "коли де хто чому скільки куди звідки"},
  table_row{
    "el",
    "ο η το οι τα τον την του τησ των ενα μια ενασ και η αλλα ειναι εχω εχετε "
    "εχει εγω εσεισ σασ μου σου μασ τουσ σε στο στη στην απο για με να θα που "
    "πωσ τι ποιο ποια ποιοσ μπορω μπορειτε θελω θα ηθελα παρακαλω ευχαριστω "
    "γεια καλημερα",
    "ποτε πωσ που ποσο ποση ποσα γιατι"},
  table_row{
    "id",
    "yang dan atau tetapi di ke dari untuk dengan pada ini itu ada adalah saya "
    "aku kamu anda kami kita dia mereka apa apakah bagaimana bisa dapat boleh "
    "mau ingin tolong mohon halo hai terima kasih selamat pagi siang sore "
    "malam "
    "juga sudah akan punya tanya mu ku nya kah",
    "kapan mana dimana siapa kenapa mengapa berapa"},
  table_row{
    "vi",
    "la va hoac cua cho toi minh ban co khong the duoc nay do mot cac nhung o "
    "tai voi thi a ah nhe xin chao cam on vui long gi nao nhu em anh chi shop",
    "khi dau ai sao bao nhieu lau"},
  table_row{
    "ar",
    "في من على الى إلى عن مع هذا هذه ذلك التي الذي انا أنا انت أنت نحن هو هي "
    "هل ما ماذا كيف او أو و ان أن لا لو سمحت من فضلك شكرا مرحبا السلام عليكم "
    "اريد أريد يمكن ممكن عندكم لديكم لي لك كان",
    "متى أين اين من لماذا كم"},
  table_row{
    "he",
    "אני אתה את אתם הוא היא אנחנו הם של על עם אל זה זאת זו יש אין לי לך לכם "
    "שלי שלך שלכם האם מה איך איזה או גם כי אם לא כן רוצה צריך אפשר יכול יכולה "
    "בבקשה תודה שלום היי",
    "מתי איפה מי למה כמה לאן"},
  table_row{
    "hi",
    "का की के को में से पर और या है हैं था थे हो मैं मुझे मेरा मेरी आप आपका आपकी आपके "
    "हम यह वह ये वो क्या कैसे कौन सा कृपया नमस्ते धन्यवाद चाहिए सकता सकते सकती भी",
    "कब कहाँ कौन क्यों कितना कितने कितनी"},
};

constexpr auto language_names = [] {
  std::array<std::string_view, rows.size()> names;
  for (std::size_t i = 0; i < rows.size(); ++i)
    names[i] = rows[i].language;
  return names;
}();

/// Bit i set: the word is in the row of language i.
struct membership {
  std::uint32_t filler = 0;
  std::uint32_t question = 0;
};

static_assert(rows.size() <= 32, "membership has 32 bits");

struct text_hash {
  using is_transparent = void;

  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

using word_map =
  std::unordered_map<std::string, membership, text_hash, std::equal_to<>>;

const word_map& words() {
  static const word_map built = [] {
    word_map map;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto bit = std::uint32_t{1} << i;
      // Through the same normaliser as the customer's words, so that the rows
      // may be written as people spell them.
      for (const auto& w : normalise(rows[i].filler).words)
        map[w.plain].filler |= bit;
      for (const auto& w : normalise(rows[i].question).words)
        map[w.plain].question |= bit;
    }
    return map;
  }();
  return built;
}

std::uint32_t bits_of(std::span<const std::string> languages) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const auto& language : languages)
      if (language == rows[i].language)
        bits |= std::uint32_t{1} << i;
  return bits;
}

} // namespace

word_weight weight_of(std::string_view plain,
                      std::span<const std::string> languages) {
  const auto found = words().find(plain);
  if (found == words().end())
    return word_weight::content;
  const auto bits = bits_of(languages);
  if ((found->second.question & bits) != 0)
    return word_weight::question;
  if ((found->second.filler & bits) != 0)
    return word_weight::filler;
  return word_weight::content;
}

std::span<const std::string_view> function_word_languages() {
  return language_names;
}

bool is_function_word(std::string_view plain, std::size_t position) {
  const auto found = words().find(plain);
  if (found == words().end())
    return false;
  const auto bit = std::uint32_t{1} << position;
  return ((found->second.filler | found->second.question) & bit) != 0;
}

} // namespace assistly::answers
