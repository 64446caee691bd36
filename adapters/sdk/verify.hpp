// Checks a delivery without trusting the hub: that the sender signed the document, and that the hub recorded this
// outcome for this recipient. Usable without a connection. One thread owns a Verifier.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/sdk/pins.hpp"
#include "hub/registry/document.hpp"
#include "hub/registry/key_ring.hpp"
#include "hub/wire/delivery.hpp"

namespace hub::sdk {

// A delivery that was checked. The views are those of the frame that it came in.
struct VerifiedDelivery {
  StreamSequence sequence;
  wire::Delivery delivery;
  registry::DocumentView document;
  wire::OutcomeRow row;
  std::string_view sender;
  crypto::KeyId key{};
  crypto::Digest leaf{};  // of the acceptance record
  // key_revoked: the sender's root says that the key was no longer its own when the document was accepted, which the hub
  // could not know yet. The signature is good; whether the document is, is for people to ask the sender.
  std::optional<Error> warning;
};

class Verifier {
 public:
  Verifier(std::string party, Pins pins);

  // A certificate or revocation of a sender. One of a party without a pin is of no use and passed over.
  // certificate_invalid when the pinned root didn't sign it.
  Result<void> add_credential(std::string_view text);

  // Checks a group of deliveries, numbered from `first`, and appends them to `out`. delivery_invalid (position, reason).
  Result<void> verify(const wire::DeliveryGroup& group, std::string_view origin, StreamSequence first,
                      std::vector<VerifiedDelivery>& out) const;

 private:
  std::string party_;
  Pins pins_;
  registry::KeyRing keys_;
};

}  // namespace hub::sdk
