// What every store does with tasks and files, and how chat is exported, erased and purged; tried on each of them.
#include "fixture.hpp"

namespace beckon::store {
namespace {

using base::ErrorCode;

NewMessage file_said(const base::FileId& file, const std::string& key_text = "file") {
  NewMessage message = said(key_text, "");
  message.kind = MessageKind::kFile;
  message.file = file;
  return message;
}

TEST_CASE("tasks: kept as they were left, done, opened again") {
  EachStore s;
  TaskRow left = callback("k", at(1), "");
  left.kind = TaskKind::kMessage;
  left.email = "anna@example.org";
  left.text = "Please write to me";
  left.conversation = base::ConversationId("c_1");
  REQUIRE(s.call.add(kShop, left));
  left.change = 1;
  CHECK(s.call.tasks(kShop).rows == std::vector<TaskRow>{left});
  const TaskRow done = *s.call.finish(kShop, left.id, kAda, at(9), TaskState::kDone);
  CHECK(done.state == TaskState::kDone);
  CHECK(done.done_by == kAda);
  CHECK(done.done_at == at(9));
  CHECK(done.change == 2);
  CHECK(*s.call.finish(kShop, left.id, kBob, at(10), TaskState::kDone) == done);
  s.reopen();
  CHECK(s.call.tasks(kShop).rows.empty());
  CHECK(s.call.tasks(kShop, {.which = TaskQuery::Which::kChanged}).rows == std::vector<TaskRow>{done});
  left.change = 3;
  CHECK(*s.call.finish(kShop, left.id, kBob, at(10), TaskState::kOpen) == left);
  CHECK(s.call.finish(kBlog, left.id, kAda, at(9), TaskState::kDone).error().code == ErrorCode::kNotFound);
  CHECK(s.call.finish(kShop, base::TaskId("t_none"), kAda, at(9), TaskState::kDone).error().code ==
        ErrorCode::kNotFound);
}

TEST_CASE("tasks: followed by the counter that conversations have, and read in pages") {
  EachStore s;
  REQUIRE(s.call.open(kShop, waiting()));
  for (int i = 0; i < 5; ++i) REQUIRE(s.call.add(kShop, callback(std::to_string(i), at(i), std::to_string(i))));
  const TaskPage first = s.call.tasks(kShop, {.which = TaskQuery::Which::kChanged, .limit = 3});
  REQUIRE(first.rows.size() == 3);
  CHECK(first.rows[0].change == 2);
  CHECK(first.change == 6);
  const TaskPage rest = s.call.tasks(kShop, {.which = TaskQuery::Which::kOpen, .after = first.rows.back().change});
  REQUIRE(rest.rows.size() == 2);
  CHECK(rest.rows[1].phone == "4");
  CHECK(s.call.tasks(kBlog).rows.empty());
}

TEST_CASE("tasks: the same key of another visitor is another task") {
  EachStore s;
  CHECK(*s.call.add(kShop, callback("k", at(1), "1")) == Added::kNew);
  CHECK(*s.call.add(kShop, callback("k", at(1), "1", kBert)) == Added::kNew);
  CHECK(*s.call.add(kShop, callback("k", at(1), "2", kBert)) == Added::kDuplicate);
  TaskRow same_id = callback("other", at(1), "1");
  same_id.id = s.call.tasks(kShop).rows.at(0).id;
  CHECK(s.call.add(kShop, same_id).error().code == ErrorCode::kConflict);
  TaskRow long_text = callback("long", at(1), "1");
  long_text.text = std::string(kMaxMessageBytes + 1, 'x');
  CHECK(s.call.add(kShop, long_text).error().code == ErrorCode::kInvalid);
  CHECK(s.call.tasks(kShop).rows.size() == 2);
}

TEST_CASE("files: kept with their content, found by their id alone") {
  EachStore s;
  const std::string content = std::string("\x89PNG\0", 5) + std::string(100'000, '\xff');
  const FileRecord file = *s.call.add_file(kShop, picture(), content);
  CHECK(file.bytes == content.size());
  CHECK(file.site == kShop);
  s.reopen();
  CHECK(s.call.file(file.id) == file);
  const auto stored = s.call.load_file(file.id);
  REQUIRE(stored);
  CHECK(stored->record == file);
  CHECK(stored->content == content);
  CHECK_FALSE(s.call.load_file(base::new_file_id()));
  CHECK_FALSE(s.call.load_file(base::FileId("../beckon.db")));
}

TEST_CASE("files: what may not be is refused") {
  EachStore s;
  FileRecord file = picture();
  CHECK(s.call.add_file(kShop, file, std::string(kMaxFileBytes + 1, 'x')).error().code == ErrorCode::kInvalid);
  CHECK(s.call.add_file(kShop, file, std::string(kMaxFileBytes, 'x')).ok());
  CHECK(s.call.add_file(kShop, file, "again").error().code == ErrorCode::kConflict);
  CHECK(s.call.add_file(kBlog, file, "elsewhere").error().code == ErrorCode::kConflict);
  CHECK(s.call.load_file(file.id)->content.size() == kMaxFileBytes);
  file.id = base::FileId("../../etc/passwd");
  CHECK(s.call.add_file(kShop, file, "x").error().code == ErrorCode::kInvalid);
  file = picture({});
  CHECK(s.call.add_file(kShop, file, "x").error().code == ErrorCode::kInvalid);
}

TEST_CASE("files: said in a conversation by who uploaded them, and nobody else") {
  EachStore s;
  const auto annas = s.call.open(kShop, waiting())->id;
  const auto berts = s.call.open(kShop, waiting(kBert))->id;
  const auto blogs = s.call.open(kBlog, waiting())->id;
  const FileRecord file = *s.call.add_file(kShop, picture(), "bytes");
  CHECK(s.call.append(kShop, berts, file_said(file.id)).error().code == ErrorCode::kNotFound);
  CHECK(s.call.append(kBlog, blogs, file_said(file.id)).error().code == ErrorCode::kNotFound);
  CHECK(s.call.append(kShop, annas, file_said(base::new_file_id())).error().code == ErrorCode::kNotFound);
  REQUIRE(s.call.change(kShop, annas, 1, assigned_to(kAda)));
  NewMessage by_ada = answered(kAda, "file", "");
  by_ada.kind = MessageKind::kFile;
  by_ada.file = file.id;
  CHECK(s.call.append(kShop, annas, by_ada).error().code == ErrorCode::kNotFound);
  CHECK(s.call.conversation(kShop, annas)->last_seq == 0);
  CHECK(s.call.file(file.id)->conversation.empty());

  REQUIRE(s.call.append(kShop, annas, file_said(file.id)));
  CHECK(s.call.file(file.id)->conversation == annas);
  const Message kept = s.call.messages(kShop, annas).at(0);
  CHECK(kept.kind == MessageKind::kFile);
  CHECK(kept.body == R"({"id":")" + file.id.text() +
                         R"(","name":"cat.png","type":"image/png","bytes":5,"width":640,"height":480})");
  CHECK(s.call.conversation(kShop, annas)->preview == "cat.png");
  CHECK(s.call.append(kShop, annas, file_said(file.id, "twice")).ok());

  FileRecord adas = picture({});
  adas.operator_id = kAda;
  by_ada.file = s.call.add_file(kShop, adas, "bytes")->id;
  CHECK(s.call.append(kShop, annas, by_ada).ok());
}

// Conversation, task and two files of a visitor, one of them not said.
struct Left {
  base::ConversationId conversation;
  base::TaskId task;
  base::FileId said_file, unsaid_file;
};
Left leave(EachStore& s, const base::VisitorId& who, const std::string& mark) {
  Left left;
  left.conversation = base::ConversationId("c_" + mark);
  Conversation fresh = waiting(who);
  fresh.id = left.conversation;
  fresh.name = mark + "-name";
  fresh.context = "{\"mark\":\"" + mark + "-context\"}";
  REQUIRE(s.call.open(kShop, fresh));
  REQUIRE(s.call.append(kShop, left.conversation, said("1", mark + "-text")));
  FileRecord file = picture(who);
  file.name = mark + "-file.png";
  left.said_file = s.call.add_file(kShop, file, mark + "-content")->id;
  REQUIRE(s.call.append(kShop, left.conversation, file_said(left.said_file)));
  file = picture(who);
  left.unsaid_file = s.call.add_file(kShop, file, mark + "-unsaid")->id;
  TaskRow task = callback(mark, at(1), mark + "-phone", who);
  task.id = left.task = base::TaskId("t_" + mark);
  task.conversation = left.conversation;
  REQUIRE(s.call.add(kShop, task));
  return left;
}

TEST_CASE("privacy: an export holds the conversation, the tasks and the files") {
  EachStore s;
  const Left left = leave(s, kAnna, "anna");
  leave(s, kBert, "bert");
  const std::string text = *s.call.exported(kShop, kAnna);
  CHECK(text.find(R"("conversations":[{"id":"c_anna","state":"waiting","created":1800000000000,"name":"anna-name",)"
                  R"("context":{"mark":"anna-context"},"messages":[{"seq":1,"at":1800000001000,"from":"visitor",)"
                  R"("text":"anna-text"},{"seq":2,"at":1800000001000,"from":"visitor","file":{"id":")" +
                  left.said_file.text() + R"(","name":"anna-file.png")") != std::string::npos);
  CHECK(text.find(R"("tasks":[{"t":1800000001000,"id":"t_anna","kind":"callback","conversation":"c_anna")") !=
        std::string::npos);
  CHECK(text.find(R"("content":"YW5uYS1jb250ZW50")") != std::string::npos);
  CHECK(text.find(R"("content":"YW5uYS11bnNhaWQ=")") != std::string::npos);
  CHECK(text.find("bert") == std::string::npos);
}

TEST_CASE("privacy: an erased visitor's conversation, tasks and files are gone, and followers are told") {
  EachStore s;
  const Left left = leave(s, kAnna, "anna");
  const Left berts = leave(s, kBert, "bert");
  FileRecord answer = picture({});
  answer.operator_id = kAda;
  answer.name = "answer.png";
  answer = *s.call.add_file(kShop, answer, "of the operator, for Anna");
  REQUIRE(s.call.change(kShop, left.conversation, 1, assigned_to(kAda)));
  NewMessage message = answered(kAda, "answer", "");
  message.kind = MessageKind::kFile;
  message.file = answer.id;
  REQUIRE(s.call.append(kShop, left.conversation, message));

  const std::uint64_t seen = s.call.conversations(kShop).change;
  REQUIRE(s.call.erase(kShop, kAnna));
  for (int round = 0; round < 2; ++round) {
    CHECK_FALSE(s.call.conversation(kShop, left.conversation));
    CHECK_FALSE(s.call.conversation_of(kShop, kAnna));
    CHECK(s.call.messages(kShop, left.conversation).empty());
    CHECK(s.call.append(kShop, left.conversation, said("1", "x")).error().code == ErrorCode::kNotFound);
    for (const auto& file : {left.said_file, left.unsaid_file, answer.id}) {
      CHECK_FALSE(s.call.file(file));
      CHECK_FALSE(s.call.load_file(file));
    }
    const ConversationPage page = s.call.conversations(kShop, {.after = seen});
    CHECK(page.gone == std::vector<base::ConversationId>{left.conversation});
    CHECK(page.change > seen);
    CHECK(s.call.conversations(kShop, {.after = page.change}).gone.empty());
    CHECK(s.call.tasks(kShop, {.after = seen}).gone == std::vector<base::TaskId>{left.task});
    CHECK(s.call.tasks(kShop).rows.at(0).id == berts.task);
    CHECK(s.call.exported(kShop, kAnna).error().code == ErrorCode::kNotFound);
    CHECK(s.call.messages(kShop, berts.conversation).size() == 2);
    CHECK(s.call.load_file(berts.said_file)->content == "bert-content");
    s.reopen();
  }
  const Conversation anew = *s.call.open(kShop, waiting());
  CHECK(s.call.append(kShop, anew.id, said("1", "again"))->seq == 1);
}

TEST_CASE("privacy: a purge takes conversations without a message for so long, with all that is theirs") {
  EachStore s;
  const Left old = leave(s, kAnna, "anna");
  const Left young = leave(s, kBert, "bert");
  REQUIRE(s.call.append(kShop, young.conversation, said("later", "still here", at(100))));
  Retention keep;
  keep.conversations = std::chrono::seconds(50);
  const std::uint64_t seen = s.call.conversations(kShop).change;
  CHECK(s.call.purge(kShop, keep, at(51)) == 0);
  // Anna's conversation, its two messages and its file; both tasks.
  CHECK(s.call.purge(kShop, keep, at(52)) == 6);
  CHECK_FALSE(s.call.conversation(kShop, old.conversation));
  CHECK_FALSE(s.call.load_file(old.said_file));
  CHECK(s.call.conversation(kShop, young.conversation));
  CHECK(s.call.load_file(young.said_file));
  CHECK(s.call.load_file(young.unsaid_file));
  CHECK(s.call.tasks(kShop).rows.empty());
  CHECK(s.call.conversations(kShop, {.after = seen}).gone == std::vector<base::ConversationId>{old.conversation});
  // What was uploaded and not said goes after a day.
  keep.conversations = std::chrono::hours(1'000);
  CHECK(s.call.purge(kShop, keep, at(1) + kKeepUnsaidFiles) == 0);
  CHECK(s.call.purge(kShop, keep, at(2) + kKeepUnsaidFiles) == 2);
  CHECK_FALSE(s.call.load_file(young.unsaid_file));
  CHECK(s.call.load_file(young.said_file));
}

}  // namespace
}  // namespace beckon::store
