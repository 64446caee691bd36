#include "hub/broker/contents.hpp"

#include <algorithm>
#include <utility>

#include "hub/base/check.hpp"

namespace hub::broker {

const Content* Contents::find(const ContentKey& key) const {
  const auto found = contents_.find(key);
  return found == contents_.end() ? nullptr : &found->second;
}

ContentUsage Contents::unused(PartyIndex sender) const {
  const auto found = unused_.find(sender);
  return found == unused_.end() ? ContentUsage{} : found->second;
}

void Contents::permit(const ContentKey& key, std::uint64_t size, UnixMicros until) {
  const auto [entry, is_new] = contents_.try_emplace(key);
  Content& content = entry->second;
  HUB_CHECK(!content.stored);
  if (!is_new) forget_unused(key, content);
  content.size = size;
  content.until = until;
  unused_until_.emplace(until, key);
  count_unused(key.sender, size);
}

void Contents::store(const ContentKey& key, UnixMicros until) {
  Content& content = contents_.at(key);
  HUB_CHECK(!content.stored);
  content.stored = true;
  unused_until_.erase({content.until, key});
  content.until = until;
  unused_until_.emplace(until, key);
}

void Contents::refer(const ContentKey& key, std::uint32_t body_key) {
  Content& content = contents_.at(key);
  HUB_CHECK(content.stored);
  if (std::find(content.body_keys.begin(), content.body_keys.end(), body_key) == content.body_keys.end())
    content.body_keys.push_back(body_key);
  if (content.referred) return;
  forget_unused(key, content);
  content.referred = true;
}

void Contents::release(std::uint32_t body_key, UnixMicros now) {
  for (auto& [key, content] : contents_) {
    if (std::erase(content.body_keys, body_key) == 0 || !content.body_keys.empty()) continue;
    content.referred = false;
    content.released = true;
    content.until = now;
    unused_until_.emplace(now, key);
  }
}

void Contents::drop(const ContentKey& key) {
  const auto found = contents_.find(key);
  HUB_CHECK(found != contents_.end() && !found->second.referred);
  forget_unused(key, found->second);
  contents_.erase(found);
}

void Contents::restore(const ContentKey& key, const Content& content) {
  HUB_CHECK(contents_.emplace(key, content).second);
  if (content.referred) return;
  unused_until_.emplace(content.until, key);
  if (!content.released) count_unused(key.sender, content.size);
}

std::vector<ContentKey> Contents::due(UnixMicros now, std::size_t count_max) const {
  std::vector<ContentKey> out;
  for (const auto& [until, key] : unused_until_) {
    if (until > now || out.size() == count_max) break;
    out.push_back(key);
  }
  return out;
}

void Contents::for_each(const std::function<void(const ContentKey&, const Content&)>& visit) const {
  for (const auto& [key, content] : contents_) visit(key, content);
}

void Contents::count_unused(PartyIndex sender, std::uint64_t size) {
  ContentUsage& usage = unused_[sender];
  ++usage.count;
  usage.bytes += size;
}

void Contents::forget_unused(const ContentKey& key, Content& content) {
  unused_until_.erase({content.until, key});
  if (std::exchange(content.released, false)) return;
  const auto usage = unused_.find(key.sender);
  usage->second.bytes -= content.size;
  if (--usage->second.count == 0) unused_.erase(usage);
}

}  // namespace hub::broker
