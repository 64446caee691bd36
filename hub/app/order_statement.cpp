#include "hub/app/order_statement.hpp"

#include "hub/app/output.hpp"
#include "hub/crypto/key_file.hpp"
#include "hub/registry/reason.hpp"

namespace hub::app {

Result<std::string> order_statement(const OrderRequest& request, const std::string& administrator_key_file) {
  const auto bytes = from_hex(request.journal);
  const auto journal = bytes ? fixed<16>(*bytes) : std::nullopt;
  if (!journal) return tl::unexpected(usage("a journal's id is 32 hexadecimal digits"));
  const auto id = wire::parse_delivery_id(request.delivery);
  if (!id || wire::delivery_id(*journal, id->key) != request.delivery)
    return tl::unexpected(
        usage(request.delivery +
              " is no delivery of this journal; an id is the name of the file in inbox, as fa656ec0-000000000264-0"));
  if (request.reason.empty()) return tl::unexpected(usage("an order needs a reason"));
  if (auto refusal = registry::refuse_reason(request.reason)) return tl::unexpected(std::move(*refusal));
  const auto key = crypto::read_key_file(administrator_key_file, "administrator", /*secret=*/true);
  if (!key) return tl::unexpected(key.error());
  return broker::sign_order(
      {request.action, request.delivery, Position(request.after), {*journal, request.reason, request.time}},
      crypto::SigningKey::from_seed(*key->secret));
}

}  // namespace hub::app
