// grokscope render: a recorded run as a picture, drawn by the same code as the window, without a display.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>

#include "app/commands/commands.h"
#include "app/commands/named_output.h"
#include "app/commands/number_options.h"
#include "app/pictures.h"
#include "app/shown_sweep.h"
#include "app/shown_theory.h"
#include "base/output.h"
#include "base/outside_text.h"
#include "config/presets.h"
#include "ui/panel.h"
#include "ui/theory_choice.h"

namespace grokscope {
namespace {

struct RenderRequest {
  std::string run, panel, size, theme, look = "paper", format, output;
  std::vector<std::string> choices;  ///< --choose NAME=OPTION
  std::optional<std::int64_t> step;
  double scale = 0.0;  ///< 0: by the size
};

/// "1280x720", also with × or X.
Result<std::pair<int, int>> parse_size(const std::string& text) {
  int width = 0, height = 0, used = 0;
  if (std::sscanf(text.c_str(), "%d%*1[xX]%d%n", &width, &height, &used) == 2 &&
      used == static_cast<int>(text.size())) {
    return std::pair{width, height};
  }
  return usage_error("--size must look like 1280x720, not '" + text + "'");
}

/// As asked, else by the name's ending; a stream has none and gets a PNG.
Result<PictureFormat> format_of(const RenderRequest& asked) {
  if (!asked.format.empty()) return asked.format == "svg" ? PictureFormat::svg : PictureFormat::png;
  auto format = picture_format(asked.output);
  return !format && is_stream(asked.output) ? PictureFormat::png : format;
}

/// "sweep_measure=delay".
Status choose(const std::string& assignment, ViewState& view) {
  const std::size_t equals = assignment.find('=');
  const std::string name = assignment.substr(0, equals);
  std::string names;
  for (const Panel& panel : panels()) {
    for (const PanelChoice* one : panel.choices) {
      names += (names.empty() ? "" : ", ") + std::string(one->name);
      if (one->name != name || equals == std::string::npos) continue;
      view.choices.set(name, assignment.substr(equals + 1));
      return {};
    }
  }
  return usage_error("--choose needs NAME=OPTION with one of " + names + ", not " + in_quotes(assignment));
}

int draw(const RenderRequest& asked, const RunView& run, ViewState& view, PictureFormat format,
         const std::pair<int, int>& size) {
  const bool paper = asked.look == "paper";
  PictureRequest request{size.first, size.second, 1.0f, asked.panel, ""};
  request.look = paper ? PictureLook::paper : PictureLook::window;
  request.trimmed = paper && asked.size.empty();
  if (const std::size_t slash = asked.panel.find('/'); slash != std::string::npos) {
    request.chart = asked.panel.substr(slash + 1);
    request.panel.resize(slash);
  }
  request.scale = asked.scale > 0.0 ? static_cast<float>(asked.scale)
                                    : automatic_scale(theme(view.theme), request.width, request.height);
  const auto picture = picture_bytes(run, view, request, format);
  if (!picture) return report(picture.error());
  if (Status saved = write_output(asked.output, *picture); !saved) return report(saved.error());
  if (!is_standard_output(asked.output)) std::printf("%s\n", asked.output.c_str());
  return 0;
}

/// What is computed: beside `run`, or beside one that has not begun.
int draw_theory(RenderRequest asked, ViewState& view, PictureFormat format, const std::pair<int, int>& size,
                const RunView* run = nullptr) {
  const auto shown = run == nullptr ? ShownTheory::compute(view) : ShownTheory::compute(view, *run);
  if (!shown) return report(shown.error());
  if (asked.panel.empty()) asked.panel = "theory";
  return draw(asked, shown->view(), view, format, size);
}

int render(RenderRequest asked) {
  const auto size = parse_size(asked.size.empty() ? "1280x720" : asked.size);
  if (!size) return report(size.error());
  const bool paper = asked.look == "paper";
  const Theme* theme = find_theme(!asked.theme.empty() ? asked.theme : paper ? "light" : "dark");
  if (theme == nullptr)
    return report(usage_error("there is no theme '" + asked.theme + "': choose dark, light or projector"));
  const auto format = format_of(asked);
  if (!format) return report(format.error());
  if (Status possible = check_named_output(asked.output); !possible) return report(possible.error());
  ViewState view;
  view.theme = theme->kind;
  view.speed_index = full_speed_index();
  for (const std::string& choice : asked.choices) {
    if (Status chosen = choose(choice, view); !chosen) return report(chosen.error());
  }
  if (const Preset* preset = find_preset(asked.run); preset != nullptr && !preset->opens.theory.empty()) {
    const auto study = study_of(preset->opens);
    if (!study) return report(study.error());
    show_study(view, *study);
    return draw_theory(asked, view, *format, *size);
  }
  if (is_sweep_folder(asked.run)) {
    const auto sweep = ShownSweep::read(asked.run, view);
    if (!sweep) return report(sweep.error());
    const RunView run = sweep->view();
    if (asked.panel.empty()) asked.panel = panel_of(*run.sweep->plan);
    return draw(asked, run, view, *format, *size);
  }
  auto opened = open_run(asked.run, false);
  if (!opened) return report(opened.error());
  tell(opened->repairs);
  if (opened->history.last() == nullptr)
    return report(failure("nothing was recorded that could be drawn: " + asked.run));
  const auto recorded = Session::recorded(std::move(*opened), asked.run);
  const RunView run = view_of(*recorded);
  if (asked.step && (*asked.step < 0 || *asked.step > run.history->last()->step)) {
    return report(usage_error("--at must lie between 0 and " + std::to_string(run.history->last()->step) +
                              ", the last recorded step"));
  }
  view.scrub_step = asked.step;
  if (asked.panel == "theory" || asked.panel.starts_with("theory/"))
    return draw_theory(asked, view, *format, *size, &run);
  return draw(asked, run, view, *format, *size);
}

}  // namespace

void add_render_command(CLI::App& app, CommandResult& result) {
  CLI::App* command = app.add_subcommand("render", "draw a recorded run, or a sweep, into a PNG or SVG file");
  auto request = std::make_shared<RenderRequest>();
  command
      ->add_option("run", request->run, "the run folder, the folder of a sweep, or a preset that is computed")
      ->type_name("RUN")
      ->required();
  command->add_option("--at", request->step, "the step to show; the last one if not given")
      ->type_name("STEP")
      ->transform(whole_number(0, std::int64_t{1} << 53));
  command
      ->add_option("--panel", request->panel,
                   "one panel instead of the dashboard: " + panel_names(" | ") +
                       ", or one of its charts: fourier/fourier-time")
      ->type_name("NAME");
  command
      ->add_option("--choose", request->choices,
                   "what else a panel lets choose, one for each --choose: sweep_measure=delay")
      ->type_name("NAME=OPTION")
      ->allow_extra_args(false);
  command
      ->add_option("--size", request->size,
                   "pixels; 1280x720 if not given, less for a panel with empty margins")
      ->type_name("WxH");
  command
      ->add_option("--look", request->look,
                   "paper (if not given): without controls, light | window: as the window shows it, dark")
      ->type_name("NAME")
      ->check(CLI::IsMember({"paper", "window"}));
  command->add_option("--theme", request->theme, "dark | light | projector; by the look if not given")
      ->type_name("NAME");
  command->add_option("--scale", request->scale, "size of type and lines; by the picture's size if not given")
      ->type_name("S")
      ->transform(real_number(0.5, 8.0));
  command->add_option("--format", request->format, "png | svg; by the file's ending if not given")
      ->type_name("NAME")
      ->check(CLI::IsMember({"png", "svg"}));
  command->add_option("-o,--output", request->output, "the file to write, .png or .svg; - is standard output")
      ->type_name("FILE")
      ->required();
  command->callback([request, &result] { result.action = [request] { return render(*request); }; });
}

}  // namespace grokscope
