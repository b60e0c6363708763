#include "store/records.hpp"

namespace beckon::store {

std::string_view name_of(OfferStage stage) {
  switch (stage) {
    case OfferStage::kEligible: return "eligible";
    case OfferStage::kShown: return "shown";
    case OfferStage::kAccepted: return "accepted";
    case OfferStage::kDismissed: return "dismissed";
    case OfferStage::kWithdrawn: return "withdrawn";
    case OfferStage::kIgnored: return "ignored";
  }
  return "";
}

std::string_view name_of(OfferGroup group) {
  switch (group) {
    case OfferGroup::kTreated: return "treated";
    case OfferGroup::kControl: return "control";
    case OfferGroup::kShadow: return "shadow";
  }
  return "";
}

}  // namespace beckon::store
