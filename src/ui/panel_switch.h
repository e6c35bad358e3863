// Switches of panels: what a menu, a key and settings.json turn on and off. A panel's row names those it
// reads; the view holds which were changed. Any thread; values.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ui/keys.h"

namespace grokscope {

struct PanelSwitch {
  std::string_view name;       ///< "log_steps": unique among switches, and its key in settings.json
  std::string_view text;       ///< in the menu: "Log steps"
  std::string_view explained;  ///< on the F1 sheet: "Log or linear steps"
  bool initially = false;
  Key key = Key::none;
  bool remembered = false;  ///< between two starts
};

/// Shared by every panel over steps.
inline constexpr PanelSwitch kLogSteps{.name = "log_steps",
                                       .text = "Log steps",
                                       .explained = "Log or linear steps",
                                       .initially = true,
                                       .key = Key::l,
                                       .remembered = true};
/// Shared by every panel that can show another run beside the shown one.
inline constexpr PanelSwitch kPreviousRun{.name = "previous_run",
                                          .text = "Previous run, pale",
                                          .explained = "The previous run, pale, beside this one",
                                          .initially = true,
                                          .key = Key::p,
                                          .remembered = true};

/// Which switches stand elsewhere than at first.
class Switches {
 public:
  bool on(const PanelSwitch& which) const {
    const auto found = set_.find(which.name);
    return found == set_.end() ? which.initially : found->second;
  }
  void set(const PanelSwitch& which, bool value) { set_.insert_or_assign(std::string(which.name), value); }
  void toggle(const PanelSwitch& which) { set(which, !on(which)); }

 private:
  std::map<std::string, bool, std::less<>> set_;
};

}  // namespace grokscope
