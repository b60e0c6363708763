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

void count_offer(RuleResult& result, OfferStage stage, OfferGroup group, std::uint64_t rows) {
  if (group == OfferGroup::kShadow) {
    if (stage == OfferStage::kEligible) result.shadow += rows;
    return;
  }
  switch (stage) {
    case OfferStage::kEligible:
      result.eligible += rows;
      if (group == OfferGroup::kControl) result.control += rows;
      return;
    case OfferStage::kShown: result.shown += rows; return;
    case OfferStage::kAccepted: result.accepted += rows; return;
    case OfferStage::kDismissed: result.dismissed += rows; return;
    case OfferStage::kWithdrawn: result.withdrawn += rows; return;
    case OfferStage::kIgnored: result.ignored += rows; return;
  }
}

}  // namespace beckon::store
