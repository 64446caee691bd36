#include "adapters/sdk/client.hpp"

#include "adapters/sdk/session.hpp"

namespace hub::sdk {

Client::Client(ClientOptions options, Events& events)
    : session_(std::make_unique<Session>(std::move(options), events)) {}
Client::~Client() = default;

Result<void> Client::submit(Ticket ticket, Buffer document) {
  return session_->submitter().add(ticket, std::move(document));
}
std::uint64_t Client::publish(std::string credential) { return session_->publish(std::move(credential)); }
void Client::fetch(ContentRequest request) { session_->bulk().fetch(std::move(request)); }
void Client::report(StatusReport report) { session_->report(std::move(report)); }
std::size_t Client::unanswered_reports() const { return session_->unanswered_reports(); }
void Client::poll(std::chrono::microseconds timeout, std::span<pollfd> others) { session_->poll(timeout, others); }
void Client::disconnect() { session_->disconnect(); }
bool Client::connected() const { return session_->ready(); }
std::size_t Client::unanswered() const { return session_->submitter().documents(); }
std::size_t Client::unanswered_bytes() const { return session_->submitter().bytes(); }
const Progress& Client::progress() const { return session_->progress(); }
const std::optional<Error>& Client::failure() const { return session_->failure(); }

}  // namespace hub::sdk
