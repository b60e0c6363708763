// What consoles ask for, but for what changes a conversation.
#include <algorithm>

#include "beckon/json/writer.hpp"
#include "core/desk/answered.hpp"
#include "core/desk/limits.hpp"
#include "core/desk/message_page.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

namespace console = protocol::console;
using Kind = console::FrameKind;

void Consoles::ok(OperatorLink& link, std::int64_t id, std::string_view members) {
  auto text = std::make_shared<std::string>();
  console::encode_ok(*text, id, members);
  send(link, std::move(text));
}

void Consoles::refuse(OperatorLink& link, std::int64_t id, std::string_view code, std::string_view message) {
  ++shard_.counters.refused_requests;
  auto text = std::make_shared<std::string>();
  console::encode_error(*text, {id, code, message, {}, nullptr});
  send(link, std::move(text));
}

void Consoles::refuse_by(OperatorLink& link, std::int64_t id, const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::kNotFound: return refuse(link, id, "no_conversation", "no such conversation");
    case base::ErrorCode::kInvalid: return refuse(link, id, "refused", error.message);
    default:
      ++shard_.counters.store_errors;
      shard_.unserved_console.tell(error.message, shard_.now);
      refuse(link, id, "store_unavailable", "the database cannot be read or written now");
  }
}

void Consoles::on_frame(OperatorLink& link, const Frame& frame) {
  Seat& seat = *link.seat;
  switch (frame.kind) {
    case Kind::kHello:
      ++shard_.counters.refused_frames;
      return close(link, protocol::CloseCode::kForbidden, "a second hello");
    case Kind::kPing: return ok(link, frame.id);
    case Kind::kPresence: return on_presence(link, frame);
    case Kind::kActivity: active(seat); return ok(link, frame.id);
    default: break;
  }
  if (link.under_way >= kMaxFramesUnderWay) {
    ++shard_.counters.throttled;
    return refuse(link, frame.id, "too_many", "too many frames wait for their answer");
  }
  const bool names_site_alone = frame.kind == Kind::kList || frame.kind == Kind::kTask;
  Desk* const desk = desk_for(link, frame, names_site_alone ? "no_site" : "no_conversation");
  if (desk != nullptr) on_site_frame(link, *desk, frame);
}

Desk* Consoles::desk_for(OperatorLink& link, const Frame& frame, std::string_view code) {
  const base::SiteId id(frame.site);
  Site* const site = shard_.find_site(id);
  if (site != nullptr && site->desk && link.seat->serves(id)) return site->desk.get();
  refuse(link, frame.id, code, code == "no_site" ? "no such site" : "no such conversation");
  return nullptr;
}

void Consoles::on_site_frame(OperatorLink& link, Desk& desk, const Frame& frame) {
  switch (frame.kind) {
    case Kind::kWatch: return on_watch(link, desk, frame);
    case Kind::kUnwatch: link.watched.erase({frame.site, frame.conversation}); return ok(link, frame.id);
    case Kind::kHistory: return on_history(link, desk, frame);
    case Kind::kList: return on_list(link, desk, frame);
    case Kind::kTyping: return on_typing(link, desk, frame);
    case Kind::kRead: return on_read(link, desk, frame);
    case Kind::kTask: return on_task(link, desk, frame);
    default: break;
  }
  active(*link.seat);
  switch (frame.kind) {
    case Kind::kTake: return on_take(link, desk, frame);
    case Kind::kSay: return on_say(link, desk, frame);
    case Kind::kClose: return on_close(link, desk, frame);
    default: return on_transfer(link, desk, frame);
  }
}

void Consoles::on_presence(OperatorLink& link, const Frame& frame) {
  Seat& seat = *link.seat;
  const bool away = frame.state == console::Presence::kAway;
  seat.active = shard_.now;
  set_state(seat, away ? PresenceState::kAway : PresenceState::kOnline, false);
  schedule(seat);
  ok(link, frame.id);
}

void Consoles::on_history(OperatorLink& link, Desk& desk, const Frame& frame) {
  store::MessageRange range;
  range.limit = protocol::kMaxMessagesPerFrame;
  if (frame.before) range.before = static_cast<std::uint64_t>(*frame.before);
  if (frame.after) {
    range.after = static_cast<std::uint64_t>(*frame.after);
    range.order = store::MessageRange::From::kOldest;
  }
  with_row(link, desk, frame, [this, range, id = frame.id](OperatorLink& l, Desk& d, const Row& row) {
    shard_.store.read_messages(
        d.site().id(), row.id, range, shard_.post,
        answered<std::vector<store::Message>>(l, d, [this, range, id](OperatorLink& asker, Desk&, auto messages) {
          if (!messages) return refuse_by(asker, id, messages.error());
          ok(asker, id, "\"messages\":" + message_page(*messages, range.order).json);
        }));
  });
}

void Consoles::on_list(OperatorLink& link, Desk& desk, const Frame& frame) {
  store::ConversationQuery query;
  query.which = store::ConversationQuery::Which::kLatest;
  query.limit = kListPage;
  if (frame.before) query.before = static_cast<std::uint64_t>(*frame.before);
  shard_.store.conversations(
      desk.site().id(), query, shard_.post,
      answered<store::ConversationPage>(link, desk, [this, id = frame.id](OperatorLink& asker, Desk& d, auto page) {
        if (!page) return refuse_by(asker, id, page.error());
        std::string members = "\"conversations\":[";
        json::Writer w(members);
        bool first = true;
        for (const Row& row : page->rows) {
          if (row.last_seq == 0) continue;  // nothing has been said in it
          if (!std::exchange(first, false)) members += ',';
          json::Writer each(members);
          console::write_conversation(each, view(d, row));
        }
        members += ']';
        if (page->rows.size() == kListPage) members += ",\"next\":" + std::to_string(page->rows.back().change);
        ok(asker, id, members);
      }));
}

void Consoles::on_typing(OperatorLink& link, Desk& desk, const Frame& frame) {
  active(*link.seat);
  const OpenConversation* const open = desk.find(base::ConversationId(frame.conversation));
  if (open == nullptr) return refuse(link, frame.id, "no_conversation", "no such conversation that is open");
  const store::OperatorRecord& me = link.seat->record;
  if (open->row.state == store::ConversationState::kAssigned && open->row.operator_id != me.id) {
    return refuse(link, frame.id, "not_yours", "another operator has this conversation");
  }
  ok(link, frame.id);
  const OperatorLink::Address address{frame.site, frame.conversation};
  const auto last = link.typed.find(address);
  // The end of it is passed on whenever its beginning was.
  const bool passes =
      frame.on ? last == link.typed.end() || last->second + kTypingEvery <= shard_.now : last != link.typed.end();
  if (!passes || open->row.state != store::ConversationState::kAssigned) return;
  if (frame.on) {
    std::erase_if(link.typed, [this](const auto& each) { return each.second + kTypingEvery <= shard_.now; });
    link.typed[address] = shard_.now;
  } else {
    link.typed.erase(last);
  }
  std::string body;
  json::Writer w(body);
  w.begin_object().key("c").string(frame.conversation).key("who").string("operator").key("name").string(me.name);
  w.key("operator").string(me.id.text()).key("on").boolean(frame.on).end_object();
  shard_.bus.publish(desk.site().id(), "typing", body);
}

void Consoles::on_read(OperatorLink& link, Desk& desk, const Frame& frame) {
  with_row(link, desk, frame, [this, id = frame.id, seq = frame.seq](OperatorLink& reader, Desk& d, const Row& row) {
    if (row.operator_read >= static_cast<std::uint64_t>(seq)) return ok(reader, id);
    mark_read(d, row.id, static_cast<std::uint64_t>(seq));
    ok(reader, id);
  });
}

// What is written behind is read back before others are told: they would read the old otherwise.
void Consoles::mark_read(Desk& desk, const base::ConversationId& conversation, std::uint64_t seq) {
  store::Marks marks;
  marks.operator_read = seq;
  shard_.store.mark(desk.site().id(), conversation, marks);
  shard_.store.load_conversation(
      desk.site().id(), conversation, shard_.post,
      later<std::optional<Row>>([this, site = desk.site().id()](base::Result<std::optional<Row>> row) {
        Site* const here = shard_.find_site(site);
        if (!row || !*row || here == nullptr || !here->desk) return;
        here->desk->take_in(**row);
        here->desk->publish(**row);
      }));
}

void Consoles::on_task(OperatorLink& link, Desk& desk, const Frame& frame) {
  active(*link.seat);
  const auto state = frame.done ? store::TaskState::kDone : store::TaskState::kOpen;
  shard_.store.finish_task(
      desk.site().id(), base::TaskId(frame.task), link.seat->record.id, shard_.now, state, shard_.post,
      told<store::TaskRow>(
          desk, answered<store::TaskRow>(link, desk, [this, id = frame.id](OperatorLink& asker, Desk& d, auto task) {
            if (!task && task.error().code == base::ErrorCode::kNotFound) {
              return refuse(asker, id, "no_task", "no such task");
            }
            if (!task) return refuse_by(asker, id, task.error());
            std::string members = "\"task\":";
            json::Writer w(members);
            console::write_task(w, view(d, *task));
            ok(asker, id, members);
          })));
}

}  // namespace beckon::core
