// The index of words that a search by text asks, which each database has in its own way: FTS5's table in SQLite, an
// index over the folded text in PostgreSQL. What is a word, and that accents don't count, is said by folding.hpp for both.
//
// Threads: free functions.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hub/sql/dialect.hpp"

namespace hub::ledger {

const char* words_schema(sql::Dialect dialect);
// Whether each document's words are inserted into `document_words`; otherwise the index follows the table by itself.
bool keeps_words(sql::Dialect dialect);
// What is inserted: the words, and the document's parties as words that no text has, so that a question about a party's
// documents with a common word doesn't look at everybody's.
std::string words_of(const std::string& folded, const std::set<std::string_view>& parties);

// Documents with every word of a text, the last one perhaps only begun. `parties` narrows it to those that they all take
// part in, where the index knows them: it doesn't stand for that condition.
struct WordSearch {
  std::string from, position, condition;  // a table under the name x, the column of its position; one parameter
  std::string expression;                 // that parameter; empty when the text has no word
};
WordSearch word_search(sql::Dialect dialect, std::string_view text, const std::vector<std::string>& parties);

}  // namespace hub::ledger
