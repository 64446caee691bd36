// The journal's tree over HTTP as C2SP tlog-tiles: its newest checkpoint, tiles of hashes, and entry bundles. Read from
// the files that the notary keeps, never asked of the engine. An entry is a record's leaf without its first byte:
// digests alone, but how many records of what kind a hub has is nobody's business: entries need the token.
//
// Threads: the console's.
#pragma once

#include <string>

#include "hub/console/http_message.hpp"

namespace hub::console {

class TreeAnswers {
 public:
  // The folders of hashes and checkpoint, and of the journal.
  TreeAnswers(std::string tree, std::string journal) : tree_(std::move(tree)), journal_(std::move(journal)) {}

  Response checkpoint() const;
  // `path`: "tile/0/x001/234", "tile/entries/000.p/17". 404 for what the newest checkpoint's tree does not have.
  Response tile(const std::string& path) const;

 private:
  Result<std::uint64_t> size() const;

  const std::string tree_, journal_;
};

}  // namespace hub::console
