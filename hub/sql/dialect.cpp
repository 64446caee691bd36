#include "hub/sql/dialect.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace hub::sql {
namespace {

using Replacement = std::pair<std::string_view, std::string_view>;

constexpr std::array<Replacement, 5> kPostgresWords = {{{") STRICT, WITHOUT ROWID;", ");"},
                                                        {") STRICT;", ");"},
                                                        {" INTEGER", " BIGINT"},
                                                        {" BLOB", " BYTEA"},
                                                        {" TEXT", " TEXT COLLATE \"C\""}}};

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

// Every NAME(argument) becomes `form`, in which @ is the argument.
void expand(std::string& text, std::string_view name, std::string_view form) {
  const std::string call = std::string(name) + "(";
  for (std::size_t at = text.find(call); at != text.npos; at = text.find(call, at)) {
    const std::size_t begin = at + call.size(), end = text.find(')', begin);
    std::string expanded(form);
    replace_all(expanded, "@", text.substr(begin, end - begin));
    text.replace(at, end + 1 - at, expanded);
    at += expanded.size();
  }
}

}  // namespace

std::string schema_text(std::string_view schema, Dialect dialect) {
  std::string out(schema);
  if (dialect == Dialect::sqlite) {
    expand(out, "RFC3339", "strftime('%Y-%m-%dT%H:%M:%S', @ / 1000000, 'unixepoch') || printf('.%06dZ', @ % 1000000)");
    expand(out, "HEX", "lower(hex(@))");
    return out;
  }
  for (const auto& [word, instead] : kPostgresWords) replace_all(out, word, instead);
  expand(out, "RFC3339",
         "to_char(to_timestamp(@ / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS')"
         " || to_char(@ % 1000000, 'FM\".\"000000\"Z\"')");
  expand(out, "HEX", "encode(@, 'hex')");
  return out;
}

std::string postgres_query(std::string_view sql) {
  std::string out;
  int last = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] == '\'') quoted = !quoted;
    if (quoted || sql[i] != '?') {
      out.push_back(sql[i]);
      continue;
    }
    int number = 0;
    while (i + 1 < sql.size() && std::isdigit(static_cast<unsigned char>(sql[i + 1]))) number = number * 10 + (sql[++i] - '0');
    if (number == 0) number = last + 1;
    last = std::max(last, number);
    out += "$" + std::to_string(number);
  }
  replace_all(out, " CROSS JOIN ", " JOIN ");
  return out;
}

}  // namespace hub::sql
