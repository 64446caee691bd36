#include "hub/ledger/word_search.hpp"

#include "hub/ledger/folding.hpp"

namespace hub::ledger {
namespace {

constexpr const char* kSqliteWords =
    "CREATE VIRTUAL TABLE document_words USING fts5("
    "folded, content = 'documents', content_rowid = 'position', detail = none,"
    " tokenize = 'unicode61 remove_diacritics 0');";

// The folded text is words with one space between them, so no parser of PostgreSQL's has a say in what a word is.
constexpr const char* kPostgresWords =
    "CREATE INDEX document_words ON documents USING gin (array_to_tsvector(string_to_array(lower(folded), ' ')));";

}  // namespace

const char* words_schema(sql::Dialect dialect) {
  return dialect == sql::Dialect::sqlite ? kSqliteWords : kPostgresWords;
}

bool keeps_words(sql::Dialect dialect) { return dialect == sql::Dialect::sqlite; }

WordSearch word_search(sql::Dialect dialect, std::string_view text) {
  if (dialect == sql::Dialect::sqlite)
    return {"document_words x", "x.rowid", "x.document_words MATCH ?", match_expression(text, '"', " ", "*")};
  return {"documents x", "x.position",
          "array_to_tsvector(string_to_array(lower(x.folded), ' ')) @@ CAST(lower(CAST(? AS TEXT)) AS TSQUERY)",
          match_expression(text, '\'', " & ", ":*")};
}

}  // namespace hub::ledger
