// Choices of panels: one of several, chosen in a menu, by a key or on a chart: which layer is shown in
// detail, what colours a map. A panel's row names those it reads; the view holds what was chosen. Any thread;
// values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ui/keys.h"

namespace grokscope {

struct PanelContext;

struct PanelChoice {
  std::string_view name;  ///< "layer": unique among choices
  std::string_view text;  ///< in the menu: "Layer in detail"
  /// What there is to choose from in this run. The first counts as chosen until another one is, and so it
  /// does where what was chosen does not exist. nullptr: anything may be chosen, on a chart alone.
  std::vector<std::string> (*options)(const PanelContext& context) = nullptr;
  std::string_view explained = {};  ///< on the F1 sheet: "The next layer in detail"
  Key key = Key::none;              ///< the next option, while the panel has the window to itself
  bool in_menu = true;
};

/// What was chosen, by the name of the choice; "" where nothing was.
class Choices {
 public:
  const std::string& of(std::string_view choice) const {
    static const std::string kNone;
    const auto found = chosen_.find(choice);
    return found == chosen_.end() ? kNone : found->second;
  }
  void set(std::string_view choice, std::string option) {
    chosen_.insert_or_assign(std::string(choice), std::move(option));
  }

 private:
  std::map<std::string, std::string, std::less<>> chosen_;
};

/// What a click or the mouse above a chart chooses.
struct Choose {
  std::string choice, option;
};

}  // namespace grokscope
