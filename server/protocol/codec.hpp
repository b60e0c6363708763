// Text to frames and back.
//
//   Decoder decoder;
//   Decoded decoded = decoder.decode(text);
//   if (auto* refusal = std::get_if<Refusal>(&decoded)) connection.close(refusal->code, refusal->reason);
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/close_codes.hpp"
#include "protocol/frames.hpp"

namespace beckon::protocol {

using Decoded = std::variant<ClientFrame, Refusal>;

// Reads client frames, strictly: an unknown type or field, a wrong type, a missing field, a length beyond its limit is a
// Refusal whose reason names the field ("events[3].percent: expected a number"). What may be cut is cut, not refused.
//
// Thread safety: none; one Decoder serves one thread, for as many connections as it has. It allocates on its first frames
// only.
class Decoder {
 public:
  Decoder();
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // The frame's views live until the next call.
  [[nodiscard]] Decoded decode(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Each appends one frame to `out`.
void encode_welcome(std::string& out, const Welcome& welcome);
void encode_ack(std::string& out, std::int64_t id);
void encode_offer(std::string& out, const OfferFrame& offer);
// `why`: "ignored", "withdrawn", "accepted", "dismissed", "chat", "replaced".
void encode_withdraw(std::string& out, std::string_view offer, std::string_view why);
void encode_emit(std::string& out, std::string_view name);
void encode_error(std::string& out, const ErrorFrame& error);
void encode_chat(std::string& out, const ChatFrame& chat);
// `name`: who types; may be empty.
void encode_typing(std::string& out, TypingState state, std::string_view name);

}  // namespace beckon::protocol
