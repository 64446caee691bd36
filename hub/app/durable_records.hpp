// The records of a hub's journal, from its beginning to where it is durable; the hub may be running.
#pragma once

#include <functional>
#include <string>

#include "hub/base/result.hpp"
#include "hub/journal/journal.hpp"
#include "hub/journal/record_format.hpp"

namespace hub::app {

// `data`: the hub's folder. journal_missing, journal_damaged, io_failed; or what `visit` answers, which ends it.
Result<journal::JournalId> each_durable_record(const std::string& data,
                                               const std::function<Result<void>(const journal::RecordView&)>& visit);

}  // namespace hub::app
