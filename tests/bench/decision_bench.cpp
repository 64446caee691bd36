// What a decision costs with 5 agreements and with 10,000, of 20 clauses each: prepare and decide, as the hub does it for
// a batch of one document and of 64. Exit 1 when a ratio of medians is above what is asked.
//   decision_bench [ROUNDS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <msgpack.hpp>
#include <nlohmann/json.hpp>

#include "hub/base/check.hpp"
#include "hub/broker/apply.hpp"
#include "hub/broker/decide.hpp"
#include "tests/unit/broker/documents.hpp"

using namespace hub;
using Json = nlohmann::json;

namespace {

constexpr std::uint32_t kParties = 2000, kClauses = 20, kFew = 5, kMany = 10'000;
constexpr double kRatioMax = 1.1;

registry::Item type_item(std::uint32_t t) {
  const std::string id = "notice-" + std::to_string(t) + "/1";
  const Json schema = {{"type", "object"},
                       {"additionalProperties", false},
                       {"required", {"text"}},
                       {"properties", {{"text", {{"type", "string"}, {"maxLength", 5000}}}}}};
  const Json type = {{"type", id}, {"label", {{"vi", id}, {"en", id}}}, {"schema", schema},
                     {"example", {{"text", "a"}}}, {"counterexample", {{"text", 1}}}};
  return {registry::ItemKind::type, id, type.dump()};
}

// Between two parties; the first five are the same in both worlds.
registry::Item agreement_item(std::uint32_t number) {
  const std::uint32_t a = number * 7 % kParties, b = (a + 1 + number % 11) % kParties;
  Json clauses = Json::array();
  for (std::uint32_t c = 0; c < kClauses; ++c)
    clauses.push_back({{"id", "c" + std::to_string(c)}, {"words", "w"}, {"reading", "explicit"},
                       {"permit", {{"type", "notice-" + std::to_string(c)}, {"from", "a"}, {"to", "b"}}}});
  const std::string id = "x/a" + std::to_string(number);
  const Json agreement = {{"agreement", id}, {"version", 1}, {"basis", "directed"},
                          {"title", {{"vi", "T"}, {"en", "T"}}}, {"source", {{"article", "none"}}},
                          {"in_force", {{"from", "2024-01-01"}, {"until", nullptr}}},
                          {"parties", {{"a", "party-" + std::to_string(a)}, {"b", "party-" + std::to_string(b)}}},
                          {"contact", {{"a", "x"}}}, {"clauses", clauses}};
  return {registry::ItemKind::agreement, id, agreement.dump()};
}

struct World {
  broker::State state{1};
  broker::PreparedBatch batch;
  broker::DocumentDecided decided;

  World(const simulation::Scenery& scenery, std::uint32_t agreements) {
    broker::Touched touched;
    const auto apply = [&](const broker::Record& record) {
      broker::apply(state, {state.end, test::kStart, 0}, record, touched);
    };
    broker::JournalCreated created;
    created.origin = test::kOrigin;
    apply(created);
    const auto take = [&](const registry::Item& item) {
      apply(broker::ConfigurationChanged{item.kind, item.id, item.canonical, "administrator:bench"});
    };
    for (const registry::Item& item : scenery.items)
      if (item.kind != registry::ItemKind::agreement) take(item);
    for (std::uint32_t t = 0; t < kClauses; ++t) take(type_item(t));
    for (std::uint32_t a = 0; a < agreements; ++a) take(agreement_item(a));
    broker::refresh(state.configuration);
  }

  // Nanoseconds a document. All are accepted, or all refused.
  double run(EndpointIndex endpoint, const test::SignedBatch& documents, bool accepted) {
    const auto start = std::chrono::steady_clock::now();
    broker::prepare(state.configuration, state.created.origin, endpoint, documents.submit, batch);
    HUB_CHECK(!broker::decide_batch(state, batch, test::kStart));
    for (std::size_t i = 0; i < batch.documents.size(); ++i) {
      broker::decide_document(state, batch, i, test::kStart, {}, decided);
      HUB_CHECK(decided.accepted == accepted);
    }
    const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
    return time.count() / static_cast<double>(batch.documents.size());
  }
};

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

test::SignedBatch make_batch(const simulation::Scenery& scenery, std::uint32_t agreement, std::uint32_t size, bool accepted) {
  const std::uint32_t a = agreement * 7 % kParties, b = (a + 1 + agreement % 11) % kParties;
  std::vector<Buffer> documents;
  for (std::uint32_t i = 0; i < size; ++i)
    documents.push_back(test::write({.number = i + 1, .to = "party-" + std::to_string(accepted ? b : (b + 500) % kParties),
                                     .source = "party-" + std::to_string(a),
                                     .type = "notice-" + std::to_string(i % kClauses) + "/1", .text = std::string(700, 'x')}));
  return test::SignedBatch(scenery.parties[a], std::move(documents));
}

bool compare(const simulation::Scenery& scenery, World& few, World& many, std::uint32_t size, bool accepted, int rounds) {
  std::vector<double> with_few, with_many;
  for (int round = 0; round < rounds; ++round) {
    const auto number = static_cast<std::uint32_t>(round) % kFew;
    const test::SignedBatch batch = make_batch(scenery, number, size, accepted);
    const EndpointIndex endpoint = *few.state.configuration.registry.endpoint(scenery.parties[number * 7 % kParties].endpoint);
    // In turns, and each first in every other round, so that neither has warmer caches.
    World* order[] = {&few, &many};
    if (round % 2 == 1) std::swap(order[0], order[1]);
    for (World* world : order) (world == &few ? with_few : with_many).push_back(world->run(endpoint, batch, accepted));
  }
  const double one = median(with_few), other = median(with_many);
  std::printf("batch of %2u, %s   %7.0f ns with %u, %7.0f ns with %u agreements   ratio %.2f\n", size,
              accepted ? "accepted" : "refused ", one, kFew, other, kMany, other / one);
  return other / one <= kRatioMax;
}

}  // namespace

int main(int argc, char** argv) {
  crypto::initialise();
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 500;
  const simulation::Scenery scenery = simulation::make_scenery(kParties, 1);
  World few(scenery, kFew);
  const auto start = std::chrono::steady_clock::now();
  World many(scenery, kMany);
  std::printf("p50 of prepare and decide a document, %d rounds (asked: ratio at most %.1f); %u agreements were read in %.1f s\n", rounds,
              kRatioMax, kMany, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  bool good = true;
  for (const std::uint32_t size : {1u, 64u})
    for (const bool accepted : {true, false}) good = compare(scenery, few, many, size, accepted, rounds) && good;
  return good ? 0 : 1;
}
