#include "hub/registry/secrecy_words.hpp"

#include <algorithm>
#include <array>

namespace hub::registry {
namespace {

struct Key {
  std::uint64_t letters = 0, accents = 0;
};
Key key(const char* text) {
  const Word word = word_at(text, 0);
  return {word.letters, word.accents};
}
template <std::size_t N>
std::array<Key, N> words(const char* const (&texts)[N]) {
  std::array<Key, N> out;
  std::transform(texts, texts + N, out.begin(), key);
  return out;
}

struct Phrase {
  Key first, second;
};
template <std::size_t N>
std::array<Phrase, N> phrases(const char* const (&texts)[N][2]) {
  std::array<Phrase, N> out;
  std::transform(texts, texts + N, out.begin(), [](const auto& pair) { return Phrase{key(pair[0]), key(pair[1])}; });
  return out;
}

const auto kBefore = words({
    "bảo", "bí", "thân", "cơ", "độ", "cẩn", "nghiêm", "giải",                  // ordinary compounds
    "ong", "trăng", "túi", "sỏi", "ống", "gan", "hút", "lấy", "rót", "nếm",    // honey and gall
    "đường", "rỉ",                                                             // sweets
    "ông", "bà", "anh", "chị", "em", "cô", "chú", "bác", "phố", "thôn", "làng", "chùa",  // somebody's or a place's name
});
const auto kAfter = words({
    "độ", "khẩu", "thiết", "mã", "danh", "vụ", "thư", "thám", "báo", "đàm", "phục", "tông", "nghị", "thất", "đạo",
    "ong", "rỉ", "sơn", "ngọt", "mía", "hoa", "gấu", "lợn", "cá", "rắn",
});
const auto kPlainBefore = words({
    "ba", "bao", "bat", "be", "bi", "bo", "cac", "can", "chong", "chua", "co", "con", "da", "do", "doi", "gan", "gap",
    "gay", "giai", "giap", "guong", "hai", "hop", "hut", "khong", "khuon", "lam", "lang", "lat", "lay", "mo", "moi",
    "mot", "nem", "ngay", "nghiem", "nham", "nhieu", "ong", "pho", "ra", "rot", "rua", "soi", "than", "thay", "thon",
    "tien", "trang", "tranh", "truoc", "tui", "vang", "ve",
});
const auto kPlainAfter = words({
    "an", "bang", "bao", "ca", "can", "cap", "cat", "chuc", "dam", "danh", "dao", "dat", "di", "dien", "do", "doan",
    "duong", "gau", "gia", "giay", "goc", "hang", "hieu", "hoa", "ket", "kha", "khac", "khau", "kiem", "kinh", "lien",
    "lon", "long", "luoi", "ma", "mat", "mau", "me", "mia", "mua", "mui", "nay", "nghi", "ngoai", "ngot", "ngu",
    "nguoi", "niem", "nuoc", "on", "ong", "phai", "phang", "phuc", "phuong", "quyen", "ran", "rung", "san", "sau",
    "tai", "tham", "that", "thiet", "thoi", "thu", "tich", "tien", "tin", "tinh", "tong", "trai", "tran", "trang",
    "trat", "troi", "trom", "truoc", "tu", "uy", "viec", "von", "vu", "xa", "xe", "xich",
    "cova", "sco", "scova", "xco", "xcova",  // Mát-xcơ-va
});
const auto kNameWords = words({"nguyễn", "thị", "văn"});
// With their accents, since "cao" is also half of "báo cáo".
const auto kFamilyNames = words({"trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "ngô", "dương",
                                 "đinh", "trịnh", "quang", "hữu", "xuân", "ngọc", "đình", "bá"});

const auto kPhraseEnds = phrases({{"chi", "thi"}, {"cong", "van"}, {"dien", "van"}, {"do", "thi"}, {"giay", "moi"},
                                  {"luan", "van"}, {"thong", "bao"}, {"thu", "moi"}});
const auto kTitleStarts = phrases({
    {"bao", "cao"}, {"can", "cu"}, {"danh", "muc"}, {"danh", "sach"}, {"do", "khan"}, {"giay", "moi"},
    {"ket", "luan"}, {"ket", "qua"}, {"kiem", "diem"}, {"kiem", "tra"}, {"nghi", "dinh"}, {"nghi", "quyet"},
    {"phuc", "vu"}, {"phuong", "an"}, {"tai", "lieu"}, {"thiet", "bi"}, {"thiet", "ke"}, {"thu", "moi"},
    {"tinh", "hinh"}, {"tinh", "uy"}, {"tong", "hop"}, {"tong", "ket"}, {"uy", "ban"}, {"vu", "an"}, {"vu", "viec"},
});
const auto kDocuments = phrases({
    {"bao", "cao"}, {"bien", "ban"}, {"chi", "thi"}, {"cong", "dien"}, {"cong", "van"}, {"de", "an"}, {"dong", "dau"},
    {"giay", "moi"}, {"ho", "so"}, {"huong", "dan"}, {"ke", "hoach"}, {"nghi", "quyet"}, {"noi", "dung"},
    {"quyet", "dinh"}, {"tai", "lieu"}, {"thong", "bao"}, {"thong", "tin"}, {"to", "trinh"}, {"van", "ban"},
});
const auto kLevelWords = words({"dau", "loai", "muc"});

template <std::size_t N>
bool has(const std::array<Key, N>& set, const Word& word) {
  return std::any_of(set.begin(), set.end(),
                     [&](const Key& k) { return k.letters == word.letters && k.accents == word.accents; });
}
template <std::size_t N>
bool has_letters(const std::array<Key, N>& set, const Word& word) {
  return std::any_of(set.begin(), set.end(), [&](const Key& k) { return k.letters == word.letters; });
}
template <std::size_t N>
bool has_letters(const std::array<Phrase, N>& set, const Word& first, const Word& second) {
  return std::any_of(set.begin(), set.end(), [&](const Phrase& phrase) {
    return phrase.second.letters == second.letters && phrase.first.letters == first.letters;
  });
}

}  // namespace

bool makes_compound_before(const Word& word) { return has(kBefore, word); }
bool makes_compound_after(const Word& word) { return has(kAfter, word); }
bool makes_plain_compound_before(const Word& word) { return has_letters(kPlainBefore, word); }
bool makes_plain_compound_after(const Word& word) { return has_letters(kPlainAfter, word); }
bool makes_name_before(const Word& word) {
  return word.capital && (has_letters(kNameWords, word) || has(kFamilyNames, word));
}
bool ends_phrase(const Word& first, const Word& second) { return has_letters(kPhraseEnds, first, second); }
bool starts_title(const Word& first, const Word& second) { return has_letters(kTitleStarts, first, second); }
bool names_document(const Word& first, const Word& second) {
  return has_letters(kDocuments, first, second) || has_letters(kLevelWords, second);
}

}  // namespace hub::registry
