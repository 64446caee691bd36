// What each kind of record becomes.
#include "hub/broker/endpoint_orders.hpp"
#include "hub/broker/roles.hpp"
#include "hub/broker/storage_orders.hpp"
#include "tests/unit/ledger/ledger_bench.hpp"

using namespace hub;
using test::LedgerBench;

TEST_CASE("The ledger says which journal it follows, and how far it is") {
  LedgerBench b;
  b.follow();
  CHECK(b.value("SELECT journal_id FROM meta") == to_hex(b.journal->id()));
  CHECK(b.value("SELECT origin FROM meta") == test::kOrigin);
  CHECK(b.value("SELECT position FROM meta") == std::to_string(b.journal->durable_end().value));
  CHECK(b.value("SELECT length(root) FROM meta") == "32");
  CHECK(b.value("SELECT hub_running FROM meta") == "1");
  b.engine->begin_turn();
  b.engine->stop();
  b.settle();
  CHECK(b.value("SELECT hub_running FROM meta") == "0");
}

TEST_CASE("Nothing beyond the durable end is in the ledger") {
  LedgerBench b;
  b.follow();
  b.open(0);
  b.submit(0, {test::write({.number = 1})});
  b.follow();
  CHECK(b.value("SELECT count(*) FROM documents") == "0");
  b.settle();
  CHECK(b.value("SELECT count(*) FROM documents") == "1");
}

TEST_CASE("Every record has its row, with leaf and kind") {
  LedgerBench b;
  b.open(0);
  b.send({{.number = 1}});
  b.follow();
  CHECK(b.value("SELECT count(*) FROM records") == std::to_string(b.journal->durable_end().value));
  CHECK(b.place.values("SELECT kind FROM records GROUP BY kind ORDER BY min(position)") ==
        "journal-created,hub-started,configuration-changed,endpoint-connected,storage-key-created,batch-received,document-accepted");
  Buffer scratch;
  const Position last(b.journal->durable_end().value - 1);
  const auto view = b.journal->read(last, scratch).value();
  CHECK(b.value("SELECT leaf FROM readable_records ORDER BY position DESC") == to_hex(journal::leaf_of(view)));
}

TEST_CASE("An accepted document has its attributes, its outcome and a delivery that is pending") {
  LedgerBench b;
  b.open(0);
  b.send({{.number = 1, .urgency = 2, .subject = "Kết quả xét xử", .docnumber = "12/KH"}});
  b.follow();
  CHECK(b.value("SELECT id || sender || endpoint || type || urgency || accepted FROM documents") ==
        to_text(test::numbered(1)) + "party-0" + b.scenery.parties[0].endpoint + simulation::kPermittedType + "21");
  CHECK(b.value("SELECT subject || '|' || number || '|' || folded FROM documents") ==
        "Kết quả xét xử|12/KH|ket qua xet xu 12 kh");
  CHECK(b.value("SELECT outcome FROM outcomes") == "accepted");
  CHECK(b.value("SELECT agreement <> '' AND clause <> '' AND version > 0 FROM outcomes") == "1");
  CHECK(b.value("SELECT recipient || ' ' || state || ' ' || attempts FROM deliveries") == "party-1 pending 0");
  std::string position = b.value("SELECT position FROM documents");
  position.insert(0, 12 - position.size(), '0');
  CHECK(b.value("SELECT id FROM deliveries") == "01020300-" + position + "-0");
  CHECK(b.value("SELECT count FROM batches") == "1");
  CHECK(b.value("SELECT b.position = d.batch FROM batches b, documents d") == "1");
}

TEST_CASE("A refused document has its code, and no delivery") {
  LedgerBench b;
  b.open(0);
  b.send({{.number = 1, .type = simulation::kForbiddenType}, {.number = 2, .to = "nobody"}});
  b.follow();
  CHECK(b.value("SELECT count(*) FROM documents WHERE accepted = 0") == "2");
  CHECK(b.value("SELECT count(*) FROM deliveries") == "0");
  CHECK(b.place.values("SELECT code FROM refusals ORDER BY code") ==
        "recipient-unknown,type-not-permitted");
  CHECK(b.value("SELECT count FROM counts WHERE subject = 'documents' AND name = 'refused'") == "2");
}

TEST_CASE("A resend after a refusal names it") {
  LedgerBench b;
  b.open(0);
  b.send({{.number = 1, .type = simulation::kForbiddenType}});
  b.send({{.number = 1}});
  b.follow();
  CHECK(b.value("SELECT later.previous_refusal = first.position FROM documents first, documents later"
                " WHERE first.accepted = 0 AND later.accepted = 1") == "1");
}

TEST_CASE("A batch that was refused as a whole has a row with its code") {
  LedgerBench b;
  b.open(0);
  const test::SignedBatch batch(b.scenery.parties[0], b.scenery.parties[1].signing, {test::write({.number = 1})});
  b.say(0, batch.submit);
  b.settle();
  CHECK(b.value("SELECT count || refusal FROM batches") == "1key-unknown");
  CHECK(b.value("SELECT sender IS NULL AND root IS NULL FROM batches") == "1");
}

TEST_CASE("An acknowledgement delivers what it covers, and no more") {
  LedgerBench b;
  b.open(0);
  b.open(1);
  b.send({{.number = 1}, {.number = 2}, {.number = 3}});
  b.acknowledge(1, 2);
  b.settle();
  CHECK(b.value("SELECT count(*) FROM deliveries WHERE state = 'delivered'") == "2");
  CHECK(b.value("SELECT d.subject FROM deliveries l JOIN documents d USING (position) WHERE l.state = 'pending'"
                " AND d.id = '" +
                to_text(test::numbered(3)) + "'") == "Ghi chú");
  CHECK(b.value("SELECT count(*) FROM delivery_events WHERE status = 'delivered' AND actor = '" +
                b.scenery.parties[1].endpoint + "'") == "2");
  CHECK(b.value("SELECT count FROM counts WHERE subject = 'deliveries' AND name = 'delivered'") == "2");
  CHECK(b.value("SELECT count FROM counts WHERE subject = 'deliveries' AND name = 'pending'") == "1");
}

TEST_CASE("What an endpoint says at its HELLO that it stored is delivered") {
  LedgerBench b;
  b.open(0);
  b.open(1);
  b.send({{.number = 1}, {.number = 2}});
  b.hello(11, 1);
  b.settle();
  CHECK(b.value("SELECT count(*) FROM deliveries WHERE state = 'delivered'") == "1");
}

TEST_CASE("An urgent document that passed others is the one that is delivered") {
  LedgerBench b;
  b.open(0);
  b.send({{.number = 1}, {.number = 2, .urgency = 3}});
  b.open(1);  // dispatched only now, the urgent one first
  b.acknowledge(1, 1);
  b.settle();
  CHECK(b.value("SELECT d.urgency FROM deliveries l JOIN documents d USING (position) WHERE l.state = 'delivered'") ==
        "3");
}

TEST_CASE("Sessions begin and end, and an endpoint knows which one is its own") {
  LedgerBench b;
  b.open(0);
  b.settle();
  CHECK(b.value("SELECT session FROM endpoints WHERE id = '" + b.scenery.parties[0].endpoint + "'") == "1");
  CHECK(b.value("SELECT count(*) FROM sessions WHERE disconnected IS NULL") == "1");
  b.say(0, wire::Goodbye{});
  b.settle();
  CHECK(b.value("SELECT reason FROM sessions") == "goodbye");
  CHECK(b.value("SELECT session IS NULL FROM endpoints WHERE id = '" + b.scenery.parties[0].endpoint + "'") == "1");
}

TEST_CASE("A restart of the hub ends the sessions that were open") {
  LedgerBench b;
  b.open(0);
  b.engine->begin_turn();
  b.engine->start("test");
  b.settle();
  CHECK(b.value("SELECT reason FROM sessions") == "hub-started");
  CHECK(b.value("SELECT count(*) FROM endpoints WHERE session IS NOT NULL") == "0");
}

TEST_CASE("Configuration becomes parties, endpoints, types, agreements, clauses and keys") {
  LedgerBench b;
  b.follow();
  CHECK(b.value("SELECT count(*) FROM parties") == "3");
  CHECK(b.value("SELECT party FROM endpoints WHERE id = '" + b.scenery.parties[1].endpoint + "'") == "party-1");
  CHECK(b.value("SELECT name FROM types WHERE id = '" + std::string(simulation::kPermittedType) + "'") == "note");
  CHECK(b.value(
            "SELECT count(*) > 0 FROM clauses c JOIN agreements a ON a.id = c.agreement AND a.position = c.position") ==
        "1");
  CHECK(b.value("SELECT count(*) FROM keys WHERE revoked_at IS NULL") == "3");
  CHECK(b.value("SELECT count(*) FROM configuration_changes") == std::to_string(b.scenery.items.size()));
}

TEST_CASE("A revoked key carries its revocation") {
  LedgerBench b;
  const auto& party = b.scenery.parties[0];
  const registry::Revocation revocation{party.id, crypto::key_id(party.signing.public_key()), test::kStart, "lost"};
  b.open(0);
  const std::string text = registry::sign_credential(revocation, party.root);
  b.say(0, wire::Credential{1, text});
  b.settle();
  CHECK(b.value("SELECT revocation_reason FROM keys WHERE party = 'party-0'") == "lost");
  CHECK(b.value("SELECT count(*) FROM keys WHERE revoked_at IS NOT NULL") == "1");
}

TEST_CASE("Strangers are counted") {
  LedgerBench b;
  b.engine->begin_turn();
  b.engine->on_strangers(7);
  b.tick_at(UnixMicros(test::kStart.value + 120 * kMicrosPerSecond));
  b.settle();
  CHECK(b.value("SELECT count FROM strangers") == "7");
}

TEST_CASE("A document that waits for its time is delivered when it has come") {
  LedgerBench b;
  b.open(0);
  b.open(1);
  const UnixMicros due(test::kStart.value + 60 * kMicrosPerSecond);
  b.send({{.number = 1, .urgency = 4, .deliver_at = due}});
  b.settle();
  CHECK(b.value("SELECT state FROM deliveries") == "pending");
  b.tick_at(due);
  b.hello(11);  // the first connection was silent for too long
  b.commit();
  b.acknowledge(11, 1);
  b.settle();
  CHECK(b.value("SELECT state FROM deliveries") == "delivered");
}

TEST_CASE("Views show times as people read them") {
  LedgerBench b;
  b.open(0);
  b.send({{.number = 1}});
  b.follow();
  CHECK(b.value("SELECT time FROM readable_documents") == format_rfc3339(test::kStart));
  CHECK(b.value("SELECT delivery FROM readable_deliveries") == b.value("SELECT id FROM deliveries"));
  CHECK(b.value("SELECT count(*) FROM readable_records") == b.value("SELECT count(*) FROM records"));
  CHECK(b.value("SELECT count(*) FROM readable_events") == "0");
}

TEST_CASE("An erased document says so, and who ordered what about its key, and why, stands beside it") {
  using broker::StorageAction;
  LedgerBench b;
  const auto first = crypto::SigningKey::from_seed({9}), second = crypto::SigningKey::from_seed({10});
  b.state.created.administrators = {first.public_key(), second.public_key()};
  b.open(0);
  b.send({{.number = 1}});
  b.clock.time = broker::retention_end(*b.state.storage_keys.find(1));
  b.engine->begin_turn();
  const auto order = [&](StorageAction action, const std::string& reason) {
    const broker::StorageKey& key = *b.state.storage_keys.find(1);
    std::string text = broker::sign_storage_order(
        {action, key.months, key.month, key.last_record, {b.journal->id(), reason, b.clock.time}}, first);
    if (action == StorageAction::erase) text = broker::countersign_statement(text, second).value();
    REQUIRE(b.engine->on_order(text).has_value());
    b.settle();
  };
  order(StorageAction::hold, "vụ án");
  CHECK(b.value("SELECT state FROM storage_keys") == "held");
  order(StorageAction::release, "xong vụ án");
  CHECK(b.value("SELECT erased FROM readable_documents") == "0");
  order(StorageAction::erase, "hết hạn");
  CHECK(b.value("SELECT state FROM storage_keys") == "destroyed");
  CHECK(b.value("SELECT erased FROM readable_documents") == "1");
  CHECK(b.queries()->documents({}).value().rows.at(0).erased);
  CHECK(b.value("SELECT subject FROM documents") == "Ghi chú");
  CHECK(b.value("SELECT state FROM deliveries") == "failed");
  CHECK(b.value("SELECT cause FROM deliveries") == "document-erased");
  CHECK(b.value("SELECT action || ' ' || reason FROM storage_key_orders ORDER BY position DESC") == "erase hết hạn");
  CHECK(b.value("SELECT administrators FROM storage_key_orders WHERE action = 'erase'") ==
        "administrator:" + to_hex(crypto::key_id(first.public_key())) +
            " administrator:" + to_hex(crypto::key_id(second.public_key())));
}

TEST_CASE("Roles stand in the ledger as they are now, and each change of one with its actor") {
  LedgerBench b;
  const crypto::SigningKey giver = crypto::SigningKey::from_seed({9});
  b.state.created.administrators = {giver.public_key()};
  const auto change = [&](broker::RoleAction action, const std::string& user, broker::Role role, const std::string& party) {
    b.engine->begin_turn();
    REQUIRE(b.engine->on_order(broker::sign_role_order(
        {action, user, role, party, b.state.users.last_change(), {b.journal->id(), "phân công", b.clock.time}}, giver)));
    b.engine->end_turn();
  };
  change(broker::RoleAction::grant, "van-thu", broker::Role::operations, {});
  change(broker::RoleAction::grant, "xem", broker::Role::viewer, "party-1");
  change(broker::RoleAction::revoke, "van-thu", broker::Role::operations, {});
  b.settle();
  CHECK(b.place.values("SELECT name || ' ' || role || ' ' || party FROM users") == "xem viewer party-1");
  CHECK(b.place.values("SELECT action || ' ' || name FROM readable_role_changes ORDER BY position") ==
        "grant van-thu,grant xem,revoke van-thu");
  CHECK(b.value("SELECT actor FROM role_changes").starts_with("administrator:"));
  CHECK(b.value("SELECT reason FROM role_changes") == "phân công");
  CHECK(b.value("SELECT about FROM records WHERE kind = 'role-changed'") == "van-thu");
}

TEST_CASE("a pause and its end are rows, and the endpoint's state says which was last") {
  LedgerBench b;
  const crypto::SigningKey pauser = crypto::SigningKey::from_seed({9});
  b.state.created.administrators = {pauser.public_key()};
  const std::string endpoint = b.state.configuration.registry.endpoint_at(EndpointIndex(1)).id;
  const auto order = [&](broker::EndpointAction action) {
    b.engine->begin_turn();
    const auto position = b.engine->on_order(broker::sign_endpoint_order(
        {action, endpoint, b.state.endpoints[1].last_order, {b.journal->id(), "bảo trì", b.clock.time}}, pauser));
    b.engine->end_turn();
    b.settle();
    return position.value();
  };
  const auto seen = [&] {
    const auto status = b.queries()->status(std::nullopt, b.clock.time).value();
    for (const ledger::EndpointStatus& one : status.endpoints)
      if (one.id == endpoint) return std::pair(one.paused, one.last_order);
    return std::pair(false, Position(UINT64_MAX));
  };
  b.settle();
  CHECK(seen() == std::pair(false, Position(0)));
  const Position paused = order(broker::EndpointAction::pause);
  CHECK(seen() == std::pair(true, paused));
  const Position resumed = order(broker::EndpointAction::resume);
  CHECK(seen() == std::pair(false, resumed));
  CHECK(b.place.values("SELECT action || ' ' || endpoint || ' ' || reason FROM readable_endpoint_orders ORDER BY position") ==
        "pause " + endpoint + " bảo trì,resume " + endpoint + " bảo trì");
  const auto acts = b.queries()->audit({.kind = "endpoint-ordered"}).value();
  REQUIRE(acts.rows.size() == 2);
  CHECK(acts.rows[0].action == "resume");
  CHECK(acts.rows[0].endpoint == endpoint);
  CHECK(acts.rows[1].reason == "bảo trì");
}
