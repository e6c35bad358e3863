// grokscope theory: a study computed and not trained, as text, JSON, CSV or a picture. Main thread.
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/commands/named_output.h"
#include "app/pictures.h"
#include "app/shown_theory.h"
#include "base/json_text.h"
#include "base/output.h"
#include "history/run_folder.h"
#include "ui/theory_choice.h"

namespace grokscope {
namespace {

struct TheoryRequest {
  std::string study, run, output;
  std::vector<std::string> assignments;
  bool json = false, csv = false, fit = false;
};

Json json_of_table(const theory::Study& study) {
  Json parameters = Json::array();
  for (const theory::StudyParameter& one : study.parameters) {
    Json row = {{"name", one.name},
                {"title", one.title},
                {"unit", one.unit},
                {"default", one.options.empty() ? Json(one.initial)
                                                : Json(theory::text_of_parameter(one, one.initial))}};
    if (one.options.empty()) {
      row["minimum"] = one.minimum;
      row["maximum"] = one.maximum;
    } else {
      row["values"] = one.options;
    }
    row["help"] = one.help;
    parameters.push_back(std::move(row));
  }
  return {{"name", study.name},
          {"title", study.title},
          {"source", study.source},
          {"help", study.help},
          {"parameters", std::move(parameters)}};
}

int list_studies(bool json) {
  Json list = Json::array();
  for (const theory::Study& study : theory::studies()) {
    if (json) {
      list.push_back(json_of_table(study));
      continue;
    }
    std::printf("%-18s %s (%s)\n", std::string(study.name).c_str(), std::string(study.title).c_str(),
                std::string(study.source).c_str());
    for (const theory::StudyParameter& one : study.parameters) {
      std::printf("  %-16s %s; %s\n", std::string(one.name).c_str(), std::string(one.title).c_str(),
                  theory::text_of_parameter(one, one.initial).c_str());
    }
  }
  if (json) std::printf("%s\n", text_from_json(list, 2).c_str());
  return 0;
}

Json json_of(const theory::StudyNews& news) {
  const theory::Study& study = *news.of.study;
  Json json = {{"schema", "grokscope.theory/1"}, {"study", study.name}, {"parameters", Json::object()}};
  for (std::size_t i = 0; i < study.parameters.size(); ++i) {
    const theory::StudyParameter& one = study.parameters[i];
    json["parameters"][std::string(one.name)] = one.options.empty()
                                                    ? Json(news.of.values[i])
                                                    : Json(theory::text_of_parameter(one, news.of.values[i]));
  }
  json["caption"] = news.result->caption;
  json["numbers"] = Json::object();
  for (const theory::StudyNumber& number : news.result->numbers)
    put_number(json["numbers"], number.name, number.value);
  json["marks"] = Json::array();
  for (const theory::StudyMark& mark : news.result->marks)
    json["marks"].push_back({{"x", mark.x}, {"text", mark.text}});
  json["plots"] = Json::array();
  for (const theory::StudyPlot& plot : news.result->plots) {
    Json series = Json::array();
    for (const theory::StudySeries& one : plot.series) {
      Json x = Json::array(), y = Json::array(), errors = Json::array();
      for (const theory::StudyPoint& point : one.points) {
        x.push_back(finite_or_null(point.x));
        y.push_back(finite_or_null(point.y));
      }
      for (const double error : one.errors) errors.push_back(finite_or_null(error));
      series.push_back({{"name", one.name}, {"x", std::move(x)}, {"y", std::move(y)}});
      if (!one.errors.empty()) series.back()["standard_error"] = std::move(errors);
    }
    json["plots"].push_back({{"name", plot.name},
                             {"title", plot.title},
                             {"x", plot.x.label},
                             {"y", plot.y.label},
                             {"series", std::move(series)}});
  }
  return json;
}

Json json_of(const theory::StudyFit& fit) {
  Json parameters = Json::object();
  for (const theory::StudyEstimate& one : fit.estimates)
    parameters[std::string(one.name)] = {{"value", one.value}, {"standard_error", finite_or_null(one.error)}};
  return {{"caption", fit.caption},
          {"residual", fit.residual},
          {"steps_per_unit", fit.steps_per_unit},
          {"parameters", std::move(parameters)}};
}

std::string number_text(double value) {
  return std::isfinite(value) ? fmt::format("{}", value)
         : std::isnan(value)  ? std::string("nan")
                              : std::string(value > 0 ? "inf" : "-inf");
}

/// One row a point.
std::string csv_of(const theory::StudyResult& result) {
  std::string text = "plot,series,x,y,standard_error\n";
  for (const theory::StudyPlot& plot : result.plots) {
    for (const theory::StudySeries& one : plot.series) {
      for (std::size_t i = 0; i < one.points.size(); ++i) {
        text += fmt::format("{},\"{}\",{},{},{}\n", plot.name, one.name, number_text(one.points[i].x),
                            number_text(one.points[i].y),
                            one.errors.empty() ? std::string() : number_text(one.errors[i]));
      }
    }
  }
  return text;
}

/// The main curves at a few places, for a person.
std::string table_of(const theory::StudyNews& news) {
  const theory::StudyPlot& plot = news.result->plots.front();
  std::string text = news.result->caption + "\n\n";
  for (const theory::StudySeries& one : plot.series) {
    text += fmt::format("{}: {} against {}\n", one.name, plot.y.label, plot.x.label);
    const std::size_t every = std::max<std::size_t>(1, one.points.size() / 20);
    for (std::size_t i = 0; i < one.points.size(); i += every) {
      text += fmt::format("{:>12.6g} {:>12.6g}", one.points[i].x, one.points[i].y);
      if (!one.errors.empty()) text += fmt::format(" ± {:.3g}", one.errors[i]);
      text += "\n";
    }
  }
  return text;
}

Status draw(const TheoryRequest& request, const RunView& run, const ViewState& view) {
  const auto format = picture_format(request.output);
  if (!format) return format.error();
  PictureRequest asked{1280, 720, 1.0f, "theory", ""};
  asked.look = PictureLook::paper;
  asked.trimmed = true;
  const auto picture = picture_bytes(run, view, asked, *format);
  return picture ? write_output(request.output, *picture) : picture.error();
}

/// The values of --set over those that the study begins with.
Result<ViewState> view_of_request(const TheoryRequest& request, const theory::Study& study) {
  ShowStudy show{std::string(study.name), theory::initial_values(study)};
  for (const std::string& assignment : request.assignments) {
    if (Status set = theory::set_parameter_from_text(study, show.values, assignment); !set)
      return set.error();
  }
  ViewState view;
  view.theme = ThemeKind::light;
  show_study(view, show);
  return view;
}

Status check(const TheoryRequest& request, const theory::Study& study) {
  if (request.json && request.csv)
    return usage_error("--json and --csv both go to standard output: give one");
  if (!request.run.empty() && !study.reads_run)
    return usage_error(std::string(study.name) + " reads no run: leave out --run");
  if (request.fit && (study.fit == nullptr || request.run.empty()))
    return usage_error(study.fit == nullptr ? std::string(study.name) + " has nothing to fit"
                                            : std::string("--fit needs --run RUN, the folder of a run"));
  if (request.output.empty()) return {};
  if (const auto format = picture_format(request.output); !format) return format.error();
  return check_named_output(request.output);
}

int print(const TheoryRequest& request, const ShownTheory& shown, const theory::StudyFit* fit) {
  if (request.json) {
    Json json = json_of(shown.news());
    if (fit != nullptr) json["fit"] = json_of(*fit);
    std::fputs((text_from_json(json, 2) + "\n").c_str(), text_stream(request.output));
  } else if (request.csv) {
    std::fputs(csv_of(*shown.news().result).c_str(), text_stream(request.output));
  } else {
    std::string text = fit == nullptr ? "" : fit->caption + "\n";
    for (std::size_t i = 0; fit != nullptr && i < fit->estimates.size(); ++i) {
      const theory::StudyEstimate& one = fit->estimates[i];
      text += fmt::format("  {:<8} {:>10.4g} ± {}\n", one.name, one.value,
                          std::isfinite(one.error) ? fmt::format("{:.2g}", one.error) : std::string("–"));
    }
    std::fputs((text + table_of(shown.news())).c_str(), text_stream(request.output));
  }
  return 0;
}

int compute(const TheoryRequest& request) {
  if (request.study.empty()) return list_studies(request.json);
  const auto study = theory::study_named(request.study);
  if (!study) return report(study.error());
  auto view = view_of_request(request, **study);
  if (!view) return report(view.error());
  if (Status fine = check(request, **study); !fine) return report(fine.error());
  std::unique_ptr<Session> recorded;
  if (!request.run.empty()) {
    auto opened = open_run(request.run, false);
    if (!opened) return report(opened.error());
    tell(opened->repairs);
    recorded = Session::recorded(std::move(*opened), request.run);
  }
  std::optional<theory::StudyFit> fit;
  if (request.fit) {
    const auto curves = run_curves(view_of(*recorded));
    if (curves == nullptr)
      return report(failure("nothing was recorded that could be fitted: " + request.run));
    auto found = (*study)->fit(chosen_values(*view, **study), *curves);
    if (!found) return report(found.error());
    fit = std::move(*found);
    view->studies.insert_or_assign(request.study, fit->values);
  }
  const auto shown =
      recorded == nullptr ? ShownTheory::compute(*view) : ShownTheory::compute(*view, view_of(*recorded));
  if (!shown) return report(shown.error());
  if (!request.output.empty()) {
    if (Status drawn = draw(request, shown->view(), *view); !drawn) return report(drawn.error());
  }
  return print(request, *shown, fit ? &*fit : nullptr);
}

}  // namespace

void add_theory_command(CLI::App& app, CommandResult& result) {
  CLI::App* command =
      app.add_subcommand("theory", "double descent and patterns of learning, computed and not trained");
  auto request = std::make_shared<TheoryRequest>();
  command->add_option("STUDY", request->study, "which; without one, all are listed with their parameters")
      ->type_name("");
  command->add_option("--set", request->assignments, "change a parameter, one for each --set")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command->add_option("--run", request->run, "pattern_learning: lay this run over it, the folder of a run")
      ->type_name("RUN");
  command->add_flag("--fit", request->fit, "fit the parameters to that run, and say how sure they are");
  command->add_flag("--json", request->json, "print one JSON object");
  command->add_flag("--csv", request->csv, "print every point of every curve");
  command->add_option("-o,--output", request->output, "also draw it into this file, .png or .svg")
      ->type_name("FILE");
  command->callback([request, &result] { result.action = [request] { return compute(*request); }; });
}

}  // namespace grokscope
