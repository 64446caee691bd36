// Rows of the tables as answers: the columns that each takes, and reading them.
//
// Threads: one, that of the statement.
#pragma once

#include "hub/ledger/answers.hpp"
#include "hub/sql/sql.hpp"

namespace hub::ledger {

// Of `documents d`; outcomes are read apart.
inline constexpr const char* kDocumentColumns =
    "d.position, d.time, d.id, d.conversation, d.type, d.sender, d.endpoint, d.subject, d.number, d.urgency,"
    " d.document_time, d.deliver_at, d.accepted, d.refusal, d.body_bytes,"
    " EXISTS (SELECT 1 FROM storage_keys k WHERE k.id = d.storage_key AND k.state = 'destroyed')";
constexpr int kDocumentColumnCount = 16;
Document document_row(const sql::Statement& row);
Result<std::vector<Outcome>> outcomes_of(sql::Statement& read, Position position);
// Leaves out what a party that got the document may not see: what became of it at others.
void keep_own(Document& document, const std::optional<std::string>& seen_by);
// The statement for outcomes_of: a row for each field that was not needed, else one.
inline constexpr const char* kOutcomesOf =
    "SELECT o.addressed, o.actual, o.outcome, o.agreement, o.version, o.clause, l.state, l.since,"
    " o.idx, u.field FROM outcomes o LEFT JOIN unneeded_fields u ON u.position = o.position AND u.idx = o.idx"
    " LEFT JOIN deliveries l ON l.position = o.position AND l.idx = o.idx AND l.replay ="
    " (SELECT max(r.replay) FROM deliveries r WHERE r.position = o.position AND r.idx = o.idx)"
    " WHERE o.position = ? ORDER BY o.idx, u.field";

// Of `deliveries l` and its `documents d`.
inline constexpr const char* kDeliveryColumns =
    "l.id, l.position, l.idx, l.replay, d.id, d.type, d.sender, d.subject, l.recipient, l.endpoint, l.state, l.since,"
    " l.attempts, l.cause, l.detail";
Delivery delivery_row(const sql::Statement& row);

}  // namespace hub::ledger
