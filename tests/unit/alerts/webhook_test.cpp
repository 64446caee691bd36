#include "hub/alerts/webhook.hpp"

#include <catch2/catch.hpp>
#include <vector>

namespace hub::alerts {

TEST_CASE("changes are handed over in order, and one that is not taken comes again") {
  std::vector<std::string> told;
  bool takes_two = false;
  Webhook webhook([&](const std::string& json) -> std::optional<std::string> {
    told.push_back(json);
    return json == "2" && !takes_two ? std::optional<std::string>("HTTP 500") : std::nullopt;
  });
  for (const char* json : {"1", "2", "3"}) webhook.add(json);
  webhook.send();
  CHECK(webhook.waiting() == 2);
  takes_two = true;
  webhook.send();
  CHECK(webhook.waiting() == 0);
  CHECK(told == std::vector<std::string>{"1", "2", "2", "3"});
}

TEST_CASE("so many changes wait for a webhook that takes none, and with one more the oldest goes") {
  std::vector<std::string> told;
  bool takes = false;
  Webhook webhook([&](const std::string& json) -> std::optional<std::string> {
    if (!takes) return "nobody listens";
    told.push_back(json);
    return std::nullopt;
  });
  for (std::size_t i = 0; i < kWebhookWaitingMax; ++i) webhook.add(std::to_string(i));
  CHECK(webhook.waiting() == kWebhookWaitingMax);
  webhook.add("one more");
  webhook.send();
  CHECK(webhook.waiting() == kWebhookWaitingMax);
  takes = true;
  webhook.send();
  REQUIRE(told.size() == kWebhookWaitingMax);
  CHECK(told.front() == "1");
  CHECK(told.back() == "one more");
}

}  // namespace hub::alerts
