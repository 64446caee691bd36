// The hub's HTTP interface, in a thread of its own beside the engine: health, metrics, the read-only API.
//
// start() and the destructor are the caller's; everything else happens on the thread. It asks the engine by the
// mailbox, and has to end after the engine's last turn.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "hub/alerts/notice_folder.hpp"
#include "hub/base/result.hpp"
#include "hub/console/http_client.hpp"
#include "hub/console/provider.hpp"
#include "hub/console/server_tls.hpp"
#include "hub/runtime/companion.hpp"
#include "hub/runtime/mailbox.hpp"
#include "hub/runtime/published_users.hpp"

namespace hub::console {

struct Options {
  std::string listen;      // "127.0.0.1:7480"; without TLS an address of loopback
  std::string token_file;  // made when it is not there
  std::string ledger;      // the file that hub-ledger keeps; it may not be there
  std::string version;
  std::string tree = {};     // the folder of the tree's hashes and checkpoint
  std::string journal = {};  // the folder of the journal
  std::optional<HttpUrl> webhook = {};  // a program that is told of alerts; in the clear on loopback alone
  std::optional<alerts::NoticeOptions> alert_notices = {};  // a folder that notices of alerts are put into
  std::string access = {};   // the file of passwords, sessions and API tokens; made when it is not there
  std::optional<TlsFiles> tls = {};  // nothing: in the clear
  std::optional<SignOnOptions> sign_on = {};  // nothing: passwords and tokens alone
};

// How long a request waits for the engine, and how old a probe's answer may be: the journal takes one a second at most.
constexpr int kEngineMillisMax = 2'000;
constexpr int kProbeEveryMillis = 1'000;

class Console final : public runtime::Companion {
 public:
  // Reads the files that a start reads, and makes none. As ServerTls::load.
  static Result<void> check(const Options& options);
  // io_failed, config_invalid; as ServerTls::load.
  static Result<std::unique_ptr<Console>> start(const Options& options, runtime::Mailbox& mailbox,
                                                std::shared_ptr<const runtime::PublishedUsers> users);
  ~Console() override;
  // Takes a renewed certificate; one that can't be taken is logged, and the old one stays.
  void reload() override;
  // "http://127.0.0.1:7480"; with TLS the name that the certificate is for.
  const std::string& address() const { return address_; }
  // While the journal has no record about roles: the link by which the first user is made, good for once and a day.
  const std::optional<std::string>& first_user_link() const { return first_user_link_; }

 private:
  class Service;
  Console(std::unique_ptr<Service> service, std::string address, std::optional<std::string> first_user_link);
  std::unique_ptr<Service> service_;
  std::string address_;
  std::optional<std::string> first_user_link_;
};

}  // namespace hub::console
