// What the commands share that make signed statements (hub/broker/signed_statement.hpp): the key, the basics, and where a
// statement goes.
#pragma once

#include <string>

#include "hub/app/api_client.hpp"
#include "hub/app/output.hpp"
#include "hub/broker/signed_statement.hpp"

namespace hub::app {

// What read_key_file refuses.
Result<crypto::SigningKey> read_administrator(const std::string& key_file);

// `journal`: its id, 32 hexadecimal digits. usage; report_invalid or secrecy_mark of the reason.
Result<broker::StatementBasics> statement_basics(const std::string& journal, const std::string& reason, UnixMicros time);

// The statement in a file, signed once more. What it says is shown before, on standard error, and at a terminal signed only
// when that is confirmed: usage.
Result<std::string> countersign_file(const std::string& file, const crypto::SigningKey& administrator);

// Writes it into `file`, for somebody who signs or sends it later.
int keep_statement(const Result<std::string>& statement, const std::string& file, const Output& output);

// Sends it to the running hub, or prints it without an address: whoever carries it there needs no right of its own.
int carry_statement(const Result<std::string>& statement, const ApiAddress& api, const Output& output);

}  // namespace hub::app
