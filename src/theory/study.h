// Study: one closed form or small computation of double descent or of learning patterns, as data: a table of
// parameters and a pure function from their values to named series and one sentence. Nothing here trains or
// draws. Sliders, the command line, JSON and docs/theory.md all read the table. Any thread; values.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "theory/labelled_images.h"
#include "theory/run_curves.h"

namespace grokscope::theory {

struct StudyParameter {
  std::string_view name;                           ///< "n": after --set and in JSON
  std::string_view title;                          ///< "Training examples n"
  std::string_view unit;                           ///< "examples", "" = a bare number
  double minimum = 0.0, maximum = 1.0;             ///< inclusive
  double initial = 0.0;                            ///< what it is when nobody says otherwise
  bool whole = false;                              ///< only whole numbers
  bool log_scale = false;                          ///< its slider moves in decades
  std::span<const std::string_view> options = {};  ///< not empty: the value is a place in this list
  std::string_view help;                           ///< what it does; its source last
};

/// One number a parameter, in the order of the study's table.
using StudyValues = std::vector<double>;

/// What a study may read besides its parameters. What is missing is nullptr.
struct StudyInputs {
  std::shared_ptr<const LabelledImages> images;  ///< MNIST, where it was fetched
  std::string images_error;                      ///< why not; "" = nobody looked
  std::shared_ptr<const RunCurves> run;          ///< of the run beside it
};

struct StudyPoint {
  double x = 0.0, y = 0.0;
};
enum class StudyLook { formula, measured, train, test, part_1, part_2, part_3, run_train, run_test };
struct StudySeries {
  std::string name;  ///< "formula", "Monte Carlo": unique in its plot
  StudyLook look = StudyLook::formula;
  std::vector<StudyPoint> points;   ///< x ascending; y that is not finite is a gap
  std::vector<double> errors = {};  ///< of y, one a point: a standard error of a mean; or empty
};
struct StudyAxis {
  std::string label;  ///< with its unit
  bool log = false, percent = false, whole = false;
};
struct StudyPlot {
  std::string name, title;  ///< "risk", "Excess risk"
  StudyAxis x, y;
  std::vector<StudySeries> series;
};
/// A place on the x axis of every plot.
struct StudyMark {
  double x = 0.0;
  std::string text;  ///< "n = 100"
};
struct StudyNumber {
  std::string name;  ///< "first_minimum"
  double value = 0.0;
};

struct StudyResult {
  std::vector<StudyPlot> plots;  ///< the first is the study's picture
  std::vector<StudyMark> marks;
  std::string caption;               ///< one sentence, true of exactly this result
  std::vector<StudyNumber> numbers;  ///< what the sentence says, for scripts
  bool complete = false;             ///< nothing more is to come
};

/// Takes what is known so far, the last one complete. False: nobody wants more, stop.
using StudySink = std::function<bool(const StudyResult&)>;

/// Published values of some parameters, for a button.
struct StudySetting {
  std::string_view name, title;
  std::vector<std::pair<std::string_view, double>> values;  ///< of parameters; the others are initial
};

struct StudyEstimate {
  std::string_view name;
  double value = 0.0;
  double error = 0.0;  ///< standard error; NaN where the value stands at an end of its range
};
struct StudyFit {
  StudyValues values;
  std::vector<StudyEstimate> estimates;
  double residual = 0.0;  ///< root mean square, in accuracy
  double steps_per_unit = 0.0;
  std::string caption;
};

struct Study {
  std::string_view name;      ///< "linear_regression"
  std::string_view title;     ///< "Linear regression"
  std::string_view source;    ///< paper and section
  std::string_view help;      ///< what it shows, what to look for
  std::string_view formulas;  ///< Markdown, for docs/theory.md
  std::span<const StudyParameter> parameters;
  std::span<const StudySetting> settings;
  bool reads_images = false, reads_run = false;  ///< what of the inputs it uses
  /// A function of its arguments alone. Errors: what these values cannot be computed with.
  Status (*compute)(const StudyValues& values, const StudyInputs& inputs, const StudySink& sink) = nullptr;
  /// The parameters that come nearest to the run's curves; nullptr: it has no such thing.
  Result<StudyFit> (*fit)(const StudyValues& start, const RunCurves& run) = nullptr;
};

std::span<const Study> studies();
const Study* find_study(std::string_view name);
/// A usage error that offers the nearest name.
Result<const Study*> study_named(std::string_view name);

StudyValues initial_values(const Study& study);
/// The initial values with those of the setting.
StudyValues values_of(const Study& study, const StudySetting& setting);
/// Checks name, range and kind. Usage errors name what is allowed.
Status set_parameter(const Study& study, StudyValues& values, std::string_view name, double value);
/// "n=200", "data=mixture".
Status set_parameter_from_text(const Study& study, StudyValues& values, std::string_view assignment);
/// "200", "mixture": reads back to the same value.
std::string text_of_parameter(const StudyParameter& parameter, double value);
double value_of(const Study& study, const StudyValues& values, std::string_view name);

/// The whole computation.
Result<StudyResult> compute_study(const Study& study, const StudyValues& values, const StudyInputs& inputs);

}  // namespace grokscope::theory
