#include "hub/app/statements.hpp"

#include <unistd.h>

#include <cstdio>

#include "hub/app/files.hpp"
#include "hub/app/table.hpp"
#include "hub/crypto/key_file.hpp"
#include "hub/registry/reason.hpp"

namespace hub::app {

Result<crypto::SigningKey> read_administrator(const std::string& key_file) {
  const auto key = crypto::read_key_file(key_file, "administrator", /*secret=*/true);
  if (!key) return tl::unexpected(key.error());
  return crypto::SigningKey::from_seed(*key->secret);
}

Result<broker::StatementBasics> statement_basics(const std::string& journal, const std::string& reason, UnixMicros time) {
  const auto bytes = from_hex(journal);
  const auto id = bytes ? fixed<16>(*bytes) : std::nullopt;
  if (!id) return tl::unexpected(usage("a journal's id is 32 hexadecimal digits"));
  if (reason.empty()) return tl::unexpected(usage("an order needs a reason"));
  if (auto refusal = registry::refuse_reason(reason)) return tl::unexpected(std::move(*refusal));
  return broker::StatementBasics{*id, reason, time};
}

namespace {

// Values as JSON has them: nothing in the file moves a terminal's cursor.
std::string statement_text(const nlohmann::json& signed_statement) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, value] : signed_statement.at("statement").items()) rows.push_back({name, value.dump()});
  for (const auto& one : signed_statement.at("signatures")) rows.push_back({"signed by", one.at("administrator").dump()});
  return table(rows);
}

// At a terminal; a script has nobody to ask.
bool is_confirmed() {
  if (::isatty(STDIN_FILENO) != 1) return true;
  std::fputs("Ký thêm? / Sign it too? [y/N] ", stderr);
  const int answer = std::getchar();
  return answer == 'y' || answer == 'Y';
}

}  // namespace

Result<std::string> countersign_file(const std::string& file, const crypto::SigningKey& administrator) {
  const auto text = read_file(file);
  if (!text) return tl::unexpected(text.error());
  auto statement = broker::countersign_statement(*text, administrator);
  if (!statement) return statement;
  std::fprintf(stderr, "%s\n", statement_text(nlohmann::json::parse(*text)).c_str());
  if (!is_confirmed()) return tl::unexpected(usage("it was not signed, as nobody said y"));
  return statement;
}

int keep_statement(const Result<std::string>& statement, const std::string& file, const Output& output) {
  if (!statement) return output.refused(statement.error());
  if (auto written = write_file(file, *statement); !written) return output.refused(written.error());
  return output.done("written to " + file, {{"file", file}});
}

int carry_statement(const Result<std::string>& statement, const ApiAddress& api, const Output& output) {
  if (!statement) return output.refused(statement.error());
  if (api.url.empty()) return output.done(*statement, nlohmann::ordered_json::parse(*statement));
  const auto answer = tell_api(api, "/api/v1/orders", *statement);
  if (!answer) return output.refused(answer.error());
  return output.done("recorded at position " + answer->value("position", nlohmann::ordered_json()).dump(), *answer);
}

}  // namespace hub::app
