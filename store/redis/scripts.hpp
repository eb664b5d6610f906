#pragma once

#include "store/redis/script.hpp"

#include <string_view>

namespace hydrant::store::redis {

/// The text of lua/<name>.lua with the parts that it includes; throws std::logic_error if there is none.
std::string_view lua_source(std::string_view name);

/// One of lua/, with its name for messages.
struct named_script {
  explicit named_script(std::string_view its_name, script_order order = script_order::lane)
      : name(its_name), code(lua_source(its_name), order) {}

  std::string_view name;
  script code;
};

/// Everything that is done in one atomic step. Each file says what its arguments are and what it returns.
struct script_set {
  named_script session_create{"session_create"};
  named_script session_touch{"session_touch"};
  named_script session_update{"session_update"};
  named_script session_remove{"session_remove"};
  named_script session_subscribe{"session_subscribe"};
  named_script session_unsubscribe{"session_unsubscribe"};
  named_script session_subscribed{"session_subscribed"};

  named_script sessions_enter{"sessions_enter"};
  named_script sessions_due{"sessions_due"};
  named_script sessions_settle{"sessions_settle"};
  named_script subscribers_enter{"subscribers_enter"};
  named_script subscribers_list{"subscribers_list"};

  named_script stream_append{"stream_append", script_order::own};
  named_script stream_attach{"stream_attach"};
  named_script stream_detach{"stream_detach"};
  named_script stream_holder{"stream_holder"};
  named_script stream_read{"stream_read"};
  named_script stream_end{"stream_end"};
  named_script log_forget{"log_forget"};

  named_script call_begin{"call_begin"};
  named_script call_revise{"call_revise"};
  named_script call_finish{"call_finish"};
  named_script call_abandon{"call_abandon"};
  named_script call_pending{"call_pending"};
  named_script call_owned{"call_owned"};
  named_script owned_list{"owned_list"};

  named_script node_beat{"node_beat"};
  named_script node_list{"node_list"};
  named_script node_judge{"node_judge"};
  named_script node_bury{"node_bury"};
  named_script node_exhume{"node_exhume"};
  named_script node_leave{"node_leave"};

  named_script value_add{"value_add"};
  named_script value_write{"value_write"};
};

inline const script_set& scripts() {
  static const script_set all;
  return all;
}

}  // namespace hydrant::store::redis
