// Messages and callbacks left for later: tasks in the operators' inbox.
#include <utility>

#include "core/chat/answered.hpp"
#include "core/form_answers.hpp"

namespace beckon::core {

void SiteChat::on_leave_message(Link& link, const protocol::LeaveMessage& frame) {
  if (!looks_like_email(frame.email)) return shard_.refuse(link, frame.id, "bad_email", "no e-mail address");
  store::TaskRow row;
  row.kind = store::TaskKind::kMessage;
  row.key = frame.key;
  row.name = frame.name;
  row.email = frame.email;
  row.text = frame.text;
  add_task(link, frame.id, std::move(row));
}

void SiteChat::on_callback(Link& link, const protocol::Callback& frame) {
  store::TaskRow row;
  row.kind = store::TaskKind::kCallback;
  row.key = frame.key.empty() ? link.load->session + ":" + std::to_string(frame.id) : std::string(frame.key);
  row.name = frame.name;
  row.phone = frame.phone;
  add_task(link, frame.id, std::move(row));
}

void SiteChat::add_task(Link& link, std::int64_t frame, store::TaskRow row) {
  VisitorChat& chat = ensure(*link.visitor);
  if (!within_rate(chat)) {
    return shard_.refuse(link, frame, "too_many", "more than allowed: send it again in some seconds");
  }
  row.id = base::new_task_id();
  row.visitor = link.visitor->id;
  row.t = shard_.now;
  if (link.visitor->keep == Keep::kStored) row.page_path = link.load->path;
  if (chat.row) {
    row.conversation = chat.row->id;
    row.rule = chat.row->rule;
  }
  if (chat.accepted) {
    row.offer = chat.accepted->offer;
    row.rule = chat.accepted->rule;
  }
  const base::TaskId id = row.id;
  const auto load = shard_.begin_frame(link, frame);
  shard_.store.add_task(site_.id(), std::move(row), shard_.post,
                        answered<store::Added>(chat, [load, frame, id](SiteChat& self, VisitorChat*, auto added) {
                          self.shard_.finish_frame(load, frame, added ? base::Status() : base::Status(added.error()));
                          if (added) self.publish_task(id);
                        }));
}

}  // namespace beckon::core
