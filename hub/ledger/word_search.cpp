#include "hub/ledger/word_search.hpp"

#include "hub/ledger/folding.hpp"
#include "hub/registry/names.hpp"

namespace hub::ledger {
namespace {

// What a word begins with has lists of its own, else all words that begin so would be joined for each question. Nearly
// every syllable has at most six letters without its accents.
constexpr const char* kSqliteWords =
    "CREATE VIRTUAL TABLE document_words USING fts5("
    "folded, content = 'documents', content_rowid = 'position', detail = none, prefix = '1 2 3 4 5 6',"
    " tokenize = \"unicode61 remove_diacritics 0 tokenchars '@.-'\");"
    "INSERT INTO document_words (document_words, rank) VALUES ('hashsize', 33554432);";

// The folded text is words with one space between them, so no parser of PostgreSQL's has a say in what a word is.
constexpr const char* kPostgresWords =
    "CREATE INDEX document_words ON documents USING gin (array_to_tsvector(string_to_array(lower(folded), ' ')));";

std::string party_word(std::string_view party) { return "@" + std::string(party); }

}  // namespace

const char* words_schema(sql::Dialect dialect) {
  return dialect == sql::Dialect::sqlite ? kSqliteWords : kPostgresWords;
}

bool keeps_words(sql::Dialect dialect) { return dialect == sql::Dialect::sqlite; }

std::string words_of(const std::string& folded, const std::set<std::string_view>& parties) {
  std::string out = folded;
  for (const std::string_view party : parties) out += " " + party_word(party);
  return out;
}

WordSearch word_search(sql::Dialect dialect, std::string_view text, const std::vector<std::string>& parties) {
  if (dialect == sql::Dialect::sqlite) {
    std::string expression = match_expression(text, '"', " ", "*");
    for (const std::string& party : parties)
      if (registry::is_party_id(party)) expression += " \"" + party_word(party) + "\"";
    return {"document_words x", "x.rowid", "x.document_words MATCH ?", std::move(expression)};
  }
  return {"documents x", "x.position",
          "array_to_tsvector(string_to_array(lower(x.folded), ' ')) @@ CAST(lower(CAST(? AS TEXT)) AS TSQUERY)",
          match_expression(text, '\'', " & ", ":*")};
}

}  // namespace hub::ledger
