#include "beckon/json/writer.hpp"
#include "protocol/console_codec.hpp"

namespace beckon::protocol::console {

namespace {

void optional(json::Writer& w, std::string_view name, std::string_view value) {
  if (!value.empty()) w.key(name).string(value);
}

void names(json::Writer& w, std::string_view key, std::span<const std::string> values) {
  w.key(key).begin_array();
  for (const std::string& value : values) w.string(value);
  w.end_array();
}

// The inside of an object, so that the operator's own can have more.
void operator_members(json::Writer& w, const OperatorView& each) {
  w.key("id").string(each.id).key("name").string(each.name);
  optional(w, "picture", each.picture);
  w.key("state").string(each.state).key("capacity").number(each.capacity).key("chats").number(each.chats);
  names(w, "groups", each.groups);
  names(w, "skills", each.skills);
  names(w, "sites", each.sites);
}

void write_operators(json::Writer& w, std::span<const OperatorView> operators) {
  w.key("operators").begin_array();
  for (const OperatorView& each : operators) {
    w.begin_object();
    operator_members(w, each);
    w.end_object();
  }
  w.end_array();
}

void write_site(json::Writer& w, const SiteView& site) {
  w.begin_object().key("id").string(site.id).key("canned").begin_array();
  for (const CannedView& canned : site.canned) {
    w.begin_object().key("title").string(canned.title).key("text").string(canned.text).end_object();
  }
  w.end_array().key("uploads").boolean(site.uploads).end_object();
}

json::Writer& begin_of_one(json::Writer& w, std::string_view type, std::string_view site, std::string_view id) {
  return w.begin_object().key("type").string(type).key("site").string(site).key("conversation").string(id);
}

}  // namespace

void write_conversation(json::Writer& w, const ConversationView& c) {
  w.begin_object().key("site").string(c.site).key("id").string(c.id).key("visitor").string(c.visitor);
  w.key("state").string(c.state);
  if (!c.who.id.empty()) {
    w.key("operator").begin_object().key("id").string(c.who.id).key("name").string(c.who.name).end_object();
  }
  optional(w, "skill", c.skill);
  optional(w, "group", c.group);
  optional(w, "rule", c.rule);
  w.key("last").number(c.last).key("version").number(c.version).key("created").number(c.created);
  w.key("waiting_since").number(c.waiting_since).key("at").number(c.at).key("preview").string(c.preview);
  if (!c.preview.empty()) w.key("preview_from").string(c.preview_from);
  w.key("unread").number(c.unread).key("read").number(c.read).key("delivered").number(c.delivered);
  optional(w, "name", c.name);
  optional(w, "email", c.email);
  optional(w, "language", c.language);
  w.key("online").boolean(c.online).end_object();
}

void write_task(json::Writer& w, const TaskView& t) {
  w.begin_object().key("site").string(t.site).key("id").string(t.id).key("kind").string(t.kind);
  w.key("visitor").string(t.visitor);
  optional(w, "conversation", t.conversation);
  optional(w, "rule", t.rule);
  optional(w, "name", t.name);
  optional(w, "phone", t.phone);
  optional(w, "email", t.email);
  optional(w, "text", t.text);
  optional(w, "page", t.page);
  w.key("at").number(t.at).key("done").boolean(t.done);
  optional(w, "by", t.by);
  w.end_object();
}

void encode_ok(std::string& out, std::int64_t id, std::string_view members) {
  out += R"({"type":"ok","id":)" + std::to_string(id);
  if (!members.empty()) out.append(",").append(members);
  out += '}';
}

void encode_error(std::string& out, const ErrorView& error) {
  json::Writer w(out);
  w.begin_object().key("type").string("error").key("id").number(error.id).key("code").string(error.code);
  w.key("message").string(error.message);
  optional(w, "operator", error.who);
  if (error.conversation != nullptr) {
    w.key("conversation");
    write_conversation(w, *error.conversation);
  }
  w.end_object();
}

void encode_welcome(std::string& out, const WelcomeView& welcome) {
  json::Writer w(out);
  w.begin_object().key("type").string("welcome").key("operator").begin_object();
  w.key("login").string(welcome.own.login).key("role").string(welcome.own.role);
  operator_members(w, welcome.own.seen);
  w.end_object().key("sites").begin_array();
  for (const SiteView& site : welcome.sites) write_site(w, site);
  w.end_array();
  write_operators(w, welcome.operators);
  w.key("conversations").begin_array();
  for (const ConversationView& each : welcome.conversations) write_conversation(w, each);
  w.end_array().key("tasks").begin_array();
  for (const TaskView& each : welcome.tasks) write_task(w, each);
  w.end_array();
  if (welcome.more) w.key("more").boolean(true);
  w.end_object();
}

void encode_conversation(std::string& out, const ConversationView& conversation) {
  json::Writer w(out);
  w.begin_object().key("type").string("conversation").key("conversation");
  write_conversation(w, conversation);
  w.end_object();
}

void encode_conversation_gone(std::string& out, std::string_view site, std::string_view conversation) {
  json::Writer w(out);
  begin_of_one(w, "conversation_gone", site, conversation).end_object();
}

void encode_task(std::string& out, const TaskView& task) {
  json::Writer w(out);
  w.begin_object().key("type").string("task").key("task");
  write_task(w, task);
  w.end_object();
}

void encode_task_gone(std::string& out, std::string_view site, std::string_view task) {
  json::Writer w(out);
  w.begin_object().key("type").string("task_gone").key("site").string(site).key("task").string(task).end_object();
}

void encode_presence(std::string& out, std::span<const OperatorView> operators) {
  json::Writer w(out);
  w.begin_object().key("type").string("presence");
  write_operators(w, operators);
  w.end_object();
}

void encode_messages(std::string& out, std::string_view site, std::string_view conversation,
                     std::string_view messages) {
  json::Writer w(out);
  begin_of_one(w, "messages", site, conversation).key("messages").raw(messages).end_object();
}

void encode_typing(std::string& out, std::string_view site, std::string_view conversation, std::string_view who,
                   std::string_view name, bool on) {
  json::Writer w(out);
  begin_of_one(w, "typing", site, conversation).key("who").string(who);
  optional(w, "name", name);
  w.key("on").boolean(on).end_object();
}

void encode_visitor(std::string& out, std::string_view site, std::string_view conversation, std::string_view visitor) {
  json::Writer w(out);
  begin_of_one(w, "visitor", site, conversation).key("visitor").raw(visitor).end_object();
}

}  // namespace beckon::protocol::console
