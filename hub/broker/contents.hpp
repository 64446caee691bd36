// Contents of attachments, as the core knows them: what a party may upload, what is stored of it, and whether an
// accepted document refers to it. The bytes are elsewhere (hub/content).
//
//            document decided, contents missing            uploaded, verified, synced
//   unknown ───────── content-permitted ────────▶ permitted ───────── content-stored ────────▶ stored
//      ▲                                              │                                          │  document-accepted
//      │                                              │ not uploaded in time                     ▼
//      ├────────────── content-dropped ◀──────────────┴── no document accepted in time ──────  referred to: kept
//      │                                                                                         │  the storage keys of all
//      └────────────── content-dropped ◀──── released: no document can be read that refers to it ◀─┘  its documents destroyed
//
// A content belongs to its sender: a digest that another party stored says nothing here, so that nobody can find out by
// a digest what others send.
//
// Owned by the state; one thread; deterministic.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"
#include "hub/crypto/digest.hpp"

namespace hub::broker {

constexpr std::int64_t kContentPermitMicros = 7 * kMicrosPerDay;  // so long a permit holds
constexpr std::int64_t kContentUnusedMicros = 7 * kMicrosPerDay;  // so long a stored content waits for its document
// attachments-quota: of one party, permitted or stored, and no accepted document refers to it.
constexpr std::size_t kUnusedContentsMax = 256;
constexpr std::uint64_t kUnusedContentBytesMax = std::uint64_t{64} << 30;

struct ContentKey {
  PartyIndex sender;
  crypto::Digest digest{};
  friend auto operator<=>(const ContentKey&, const ContentKey&) = default;
};

struct Content {
  std::uint64_t size = 0;
  UnixMicros until;  // dropped then, unless it is referred to
  bool stored = false;
  bool referred = false;  // by an accepted document: kept
  bool released = false;  // it was, and every document that referred to it is erased: due at once, in nobody's quota
  std::vector<std::uint32_t> body_keys;  // of the documents that refer to it, each once; 0: never erased
};

struct ContentUsage {
  std::size_t count = 0;
  std::uint64_t bytes = 0;
};

class Contents {
 public:
  const Content* find(const ContentKey& key) const;
  // What the party has, permitted or stored, that no accepted document refers to.
  ContentUsage unused(PartyIndex sender) const;

  void permit(const ContentKey& key, std::uint64_t size, UnixMicros until);  // or renews a permit
  void store(const ContentKey& key, UnixMicros until);                       // it is permitted
  void refer(const ContentKey& key, std::uint32_t body_key);                 // it is stored
  // The documents under that storage key are erased: what no other document refers to is to be dropped.
  void release(std::uint32_t body_key, UnixMicros now);
  void drop(const ContentKey& key);  // it is not referred to
  void restore(const ContentKey& key, const Content& content);  // as it was in another state; it is not there
  // The first ones whose time is over, at most so many.
  std::vector<ContentKey> due(UnixMicros now, std::size_t count_max) const;

  void for_each(const std::function<void(const ContentKey&, const Content&)>& visit) const;  // in order of keys

 private:
  void count_unused(PartyIndex sender, std::uint64_t size);
  void forget_unused(const ContentKey& key, Content& content);

  std::map<ContentKey, Content> contents_;
  std::set<std::pair<UnixMicros, ContentKey>> unused_until_;
  std::map<PartyIndex, ContentUsage> unused_;
};

}  // namespace hub::broker
