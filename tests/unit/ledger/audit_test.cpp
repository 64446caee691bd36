// What people did, and what a party's permissions were good for.
#include "hub/broker/roles.hpp"
#include "hub/broker/storage_orders.hpp"
#include "tests/unit/ledger/acting_bench.hpp"

using namespace hub;
using ledger::AuditFilter;
using test::ActingBench;

namespace {

std::vector<std::uint64_t> positions_of(const ledger::Page<ledger::AuditEntry>& page) {
  std::vector<std::uint64_t> out;
  for (const auto& act : page.rows) out.push_back(act.position.value);
  return out;
}

const AuditFilter kOfDocuments{.party = "party-0"};  // without the configuration

}  // namespace

TEST_CASE("A reading and an order are told with who, when, why, and which document, newest first") {
  ActingBench b;
  const Position document = b.note(1);
  b.wait_seconds(1);
  const Position reading = b.read(document, "khiếu nại");
  const Position stop = b.order(broker::OrderAction::stop, document, "sai nơi nhận");
  b.follow();
  const auto acts = b.queries()->audit(kOfDocuments).value();
  REQUIRE(positions_of(acts) == std::vector{stop.value, reading.value});
  CHECK(acts.rows[0].kind == "delivery-ordered");
  CHECK(acts.rows[0].action == "stop");
  CHECK(acts.rows[0].actor == b.actor());
  CHECK(acts.rows[0].reason == "sai nơi nhận");
  CHECK(acts.rows[0].recipient == "party-1");
  CHECK(acts.rows[0].delivery == b.value("SELECT id FROM deliveries"));
  CHECK(acts.rows[1].kind == "body-read");
  CHECK(acts.rows[1].reason == "khiếu nại");
  CHECK(acts.rows[1].document->position == document);
  CHECK(acts.rows[1].document->sender == "party-0");
  CHECK(ledger::to_json(acts.rows[1])["document"]["id"] == to_text(test::numbered(1)));
}

TEST_CASE("Legal holds and changes of the configuration are told, and not as about a document") {
  ActingBench b;
  b.note(1);
  const broker::StorageKey& key = *b.state.storage_keys.find(1);
  b.engine->begin_turn();
  REQUIRE(b.engine->on_order(broker::sign_storage_order(
      {broker::StorageAction::hold, key.months, key.month, key.last_record, {b.journal->id(), "vụ án", b.clock.time}},
      b.administrator)));
  b.settle();
  const auto acts = b.queries()->audit({.limit = 1'000}).value();
  REQUIRE(acts.rows.size() == b.scenery.items.size() + 1);
  CHECK(acts.rows[0].kind == "legal-hold-changed");
  CHECK(acts.rows[0].action == "hold");
  CHECK(acts.rows[0].reason == "vụ án");
  CHECK(acts.rows[0].storage_key.find('/') != std::string::npos);
  CHECK(acts.rows[1].kind == "configuration-changed");
  CHECK(acts.rows[1].actor == "administrator:test");
  CHECK_FALSE(acts.rows[1].item.empty());
  CHECK_FALSE(acts.rows[1].document);
}

TEST_CASE("Roles that were given and taken back are told with whose they are") {
  ActingBench b;
  const auto change = [&](broker::RoleAction action, broker::Role role, const std::string& party) {
    b.engine->begin_turn();
    REQUIRE(b.engine->on_order(broker::sign_role_order(
        {action, "van-thu", role, party, b.state.users.last_change(), {b.journal->id(), "phân công", b.clock.time}},
        b.administrator)));
    b.settle();
  };
  change(broker::RoleAction::grant, broker::Role::viewer, "party-1");
  change(broker::RoleAction::revoke, broker::Role::viewer, "");
  const auto acts = b.queries()->audit({.kind = "role-changed"}).value();
  REQUIRE(acts.rows.size() == 2);
  CHECK(acts.rows[0].action == "revoke");
  CHECK(acts.rows[0].role == "viewer");
  CHECK(acts.rows[1].action == "grant");
  CHECK(acts.rows[1].actor == b.actor());
  CHECK(acts.rows[1].reason == "phân công");
  CHECK(acts.rows[1].user == "van-thu");
  CHECK(acts.rows[1].role == "viewer of party-1");
  CHECK(ledger::to_json(acts.rows[1])["user"] == "van-thu");
}

TEST_CASE("Every filter of the audit lets through what it names and nothing else") {
  ActingBench b;
  const Position first = b.note(1);
  const Position second = b.note(2);
  b.wait_seconds(10);
  const Position reading = b.read(first, "một");
  b.wait_seconds(10);
  const Position stop = b.order(broker::OrderAction::stop, second, "hai");
  b.follow();
  const auto found = [&](const AuditFilter& filter) { return positions_of(b.queries()->audit(filter).value()); };
  using List = std::vector<std::uint64_t>;
  CHECK(found({.kind = "body-read"}) == List{reading.value});
  CHECK(found({.kind = "delivery-ordered"}) == List{stop.value});
  CHECK(found({.action = "stop"}) == List{stop.value});
  CHECK(found({.actor = b.actor()}) == List{stop.value, reading.value});
  CHECK(found({.actor = "administrator:0"}).empty());
  CHECK(found({.party = "party-1"}) == List{stop.value, reading.value});
  CHECK(found({.party = "party-2"}).empty());
  CHECK(found({.document = first}) == List{reading.value});
  CHECK(found({.document = second}) == List{stop.value});
  const UnixMicros at_reading(test::kStart.value + 10 * kMicrosPerSecond), at_stop(test::kStart.value + 20 * kMicrosPerSecond);
  CHECK(found({.party = "party-0", .from = at_reading, .until = at_stop}) == List{reading.value});
  CHECK(found({.party = "party-0", .from = at_stop}) == List{stop.value});
  CHECK(found({.from = UnixMicros(at_stop.value + 1)}).empty());
  CHECK(found({.party = "party-0", .before = stop}) == List{reading.value});
}

TEST_CASE("The audit is paged, and bounded in what it looks at") {
  ActingBench b;
  const Position document = b.note(1);
  const Position one = b.read(document, "một"), two = b.read(document, "hai");
  b.follow();
  const auto first = b.queries()->audit({.kind = "body-read", .limit = 1}).value();
  CHECK(positions_of(first) == std::vector{two.value});
  REQUIRE(first.next);
  const auto second = b.queries()->audit({.kind = "body-read", .before = first.next, .limit = 1}).value();
  CHECK(positions_of(second) == std::vector{one.value});
  CHECK_FALSE(second.next);
  CHECK(b.queries()->audit({.action = "erase"}, 1).value().next == two);
  for (const std::size_t limit : {std::size_t{0}, ledger::kAuditPageMax + 1})
    CHECK(b.queries()->audit({.limit = limit}).error().code == ErrorCode::usage);
  CHECK(b.queries()->audit({.limit = ledger::kAuditPageMax}).has_value());
  CHECK(b.queries()->audit({.kind = "probe-recorded"}).error().code == ErrorCode::usage);
}

TEST_CASE("A permission under which nothing was accepted in the period is unused, from either side") {
  ActingBench b;
  b.note(1);  // party-0 to party-1
  b.follow();
  const auto pairs = [&](const ledger::OverreachQuestion& question) {
    std::vector<std::string> out;
    const auto overreach = b.queries()->overreach(question).value();
    for (const auto& one : overreach.unused) out.push_back(one.sender + ">" + one.recipient);
    return out;
  };
  const auto of_sender = b.queries()->overreach({.party = "party-0"}).value();
  CHECK(of_sender.permissions == of_sender.unused.size() + 1);
  const auto unused = pairs({.party = "party-0"});
  CHECK(std::find(unused.begin(), unused.end(), "party-0>party-1") == unused.end());
  CHECK(std::find(unused.begin(), unused.end(), "party-0>party-2") != unused.end());
  CHECK(of_sender.unused[0].agreement == "sim/notes");
  CHECK(of_sender.unused[0].clause == "notes");
  CHECK_FALSE(of_sender.counted_from);
  const auto later = pairs({.party = "party-0", .from = UnixMicros(b.clock.time.value + 1)});
  CHECK(std::find(later.begin(), later.end(), "party-0>party-1") != later.end());
  CHECK(b.queries()->overreach({.party = "nobody"}).error().code == ErrorCode::not_found);
  CHECK(b.queries()->overreach({}).error().code == ErrorCode::usage);
}

TEST_CASE("Nothing was permitted before the agreement was registered") {
  ActingBench b;
  b.follow();
  CHECK(b.queries()->overreach({.party = "party-0", .until = test::kStart}).value().permissions == 0);
}

TEST_CASE("Overreach tells readings and replays of a party's documents, and since when use is known") {
  ActingBench b;
  const Position first = b.note(1);
  b.delivered_up_to(1);
  b.wait_seconds(1);
  b.note(2);
  const Position reading = b.read(first, "khiếu nại");
  const Position replay = b.order(broker::OrderAction::replay, first, "mất tệp");
  b.follow();
  const auto overreach = b.queries()->overreach({.party = "party-1", .outcomes_max = 2}).value();
  CHECK(positions_of(overreach.readings) == std::vector{reading.value});
  CHECK(positions_of(overreach.replays) == std::vector{replay.value});
  CHECK(overreach.counted_from == test::kStart);  // there may be older ones
  CHECK_FALSE(b.queries()->overreach({.party = "party-1", .outcomes_max = 3}).value().counted_from);
  CHECK(b.queries()->overreach({.party = "party-2"}).value().readings.rows.empty());
}

TEST_CASE("Acts are found by their indexes") {
  ActingBench b;
  b.follow();
  const std::string names = " IN ('records_of_acts', 'delivery_events_ordered')";
  CHECK(b.value(test::TestDatabase::is_postgres() ? "SELECT count(*) FROM pg_indexes WHERE indexname" + names
                                                  : "SELECT count(*) FROM sqlite_master WHERE name" + names) == "2");
}

TEST_CASE("A party's keys end with the last of them, or when it was revoked; an agreement without an end is not among them") {
  ActingBench b;
  b.follow();
  const auto before = b.queries()->expiries().value();
  REQUIRE(before.keys.size() == 3);
  CHECK(before.keys[0].id == "party-0");
  CHECK(before.keys[0].at > b.clock.time);
  CHECK(before.agreements.empty());
  const auto& party = b.scenery.parties[0];
  const registry::Revocation revocation{party.id, crypto::key_id(party.signing.public_key()), test::kStart, "lost"};
  const std::string text = registry::sign_credential(revocation, party.root);
  b.say(0, wire::Credential{1, text});
  b.settle();
  CHECK(b.queries()->expiries().value().keys[0].at == test::kStart);
}
