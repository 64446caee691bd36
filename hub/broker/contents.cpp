#include "hub/broker/contents.hpp"

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
  ContentUsage& usage = unused_[key.sender];
  ++usage.count;
  usage.bytes += size;
}

void Contents::store(const ContentKey& key, UnixMicros until) {
  Content& content = contents_.at(key);
  HUB_CHECK(!content.stored);
  content.stored = true;
  unused_until_.erase({content.until, key});
  content.until = until;
  unused_until_.emplace(until, key);
}

void Contents::refer(const ContentKey& key) {
  Content& content = contents_.at(key);
  HUB_CHECK(content.stored);
  if (content.referred) return;
  forget_unused(key, content);
  content.referred = true;
}

void Contents::drop(const ContentKey& key) {
  const auto found = contents_.find(key);
  HUB_CHECK(found != contents_.end() && !found->second.referred);
  forget_unused(key, found->second);
  contents_.erase(found);
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

void Contents::forget_unused(const ContentKey& key, const Content& content) {
  unused_until_.erase({content.until, key});
  const auto usage = unused_.find(key.sender);
  usage->second.bytes -= content.size;
  if (--usage->second.count == 0) unused_.erase(usage);
}

}  // namespace hub::broker
