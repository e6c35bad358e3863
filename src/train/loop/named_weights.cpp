#include "train/loop/named_weights.h"

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace grokscope {
namespace {

struct StoredWord {
  std::string_view symbol, word;
};

/// The last part of a name: the symbol of the papers, and what PyTorch and Hugging Face call it.
constexpr std::array kStoredWords{
    StoredWord{"W_E", "weight"},         StoredWord{"W_pos", "positions.weight"},
    StoredWord{"W_U", "weight"},         StoredWord{"W_Q", "query.weight"},
    StoredWord{"W_K", "key.weight"},     StoredWord{"W_V", "value.weight"},
    StoredWord{"W_O", "output.weight"},  StoredWord{"W_in", "up.weight"},
    StoredWord{"b_in", "up.bias"},       StoredWord{"W_out", "down.weight"},
    StoredWord{"b_out", "down.bias"},    StoredWord{"W_input", "weight_ih"},  // torch.nn.LSTMCell
    StoredWord{"W_hidden", "weight_hh"}, StoredWord{"b_input", "bias_ih"},
    StoredWord{"b_hidden", "bias_hh"},   StoredWord{"W", "weight"},
    StoredWord{"w", "weight"},           StoredWord{"b", "bias"},
};

/// Rows of an embedding are looked up and stay as they are; every other matrix multiplies, and is turned.
bool is_stored_turned(const ParameterSpec& spec) {
  return spec.shape.size() == 2 && !is_embedding(spec);
}

std::vector<std::int64_t> stored_shape(const ParameterSpec& spec) {
  if (!is_stored_turned(spec)) return spec.shape;
  return {spec.shape[1], spec.shape[0]};
}

/// to[column][row] = from[row][column].
template <typename Scalar>
void turn(const Scalar* from, std::int64_t rows, std::int64_t columns, Scalar* to) {
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t column = 0; column < columns; ++column) {
      to[column * rows + row] = from[row * columns + column];
    }
  }
}

template <typename Scalar>
constexpr ScalarType kStoredType = std::is_same_v<Scalar, double> ? ScalarType::f64 : ScalarType::f32;

}  // namespace

std::string stored_name(const ParameterSpec& spec) {
  const std::size_t symbol = spec.name.rfind('.') + 1;  // npos + 1 is 0
  for (const StoredWord& stored : kStoredWords) {
    if (std::string_view(spec.name).substr(symbol) != stored.symbol) continue;
    return spec.name.substr(0, symbol).append(stored.word);
  }
  return spec.name;
}

template <typename Scalar>
void store_weights(const ParameterLayout& layout, std::span<const Scalar> flat, TensorFile& file) {
  for (const ParameterSpec& spec : layout.specs()) {
    const Scalar* from = flat.data() + spec.offset;
    const auto size = static_cast<std::size_t>(spec.size);
    std::vector<Scalar> turned;
    if (is_stored_turned(spec)) {
      turned.resize(size);
      turn(from, spec.shape[0], spec.shape[1], turned.data());
      from = turned.data();
    }
    StoredTensor stored{kStoredType<Scalar>, stored_shape(spec),
                        std::vector<std::uint8_t>(size * sizeof(Scalar))};
    if (size > 0) std::memcpy(stored.bytes.data(), from, stored.bytes.size());
    file.tensors[stored_name(spec)] = std::move(stored);
  }
}

template <typename Scalar>
Status restore_weights(const ParameterLayout& layout, const TensorFile& file, std::span<Scalar> flat) {
  for (const ParameterSpec& spec : layout.specs()) {
    const auto found = file.tensors.find(stored_name(spec));
    const auto size = static_cast<std::size_t>(spec.size);
    if (found == file.tensors.end() || found->second.type != kStoredType<Scalar> ||
        found->second.shape != stored_shape(spec) || found->second.bytes.size() != size * sizeof(Scalar)) {
      return failure("a checkpoint does not fit this run: '" + stored_name(spec) +
                     "' is missing or has another shape or precision");
    }
    std::vector<Scalar> values(size);
    if (size > 0) std::memcpy(values.data(), found->second.bytes.data(), found->second.bytes.size());
    Scalar* to = flat.data() + spec.offset;
    if (is_stored_turned(spec)) {
      turn(values.data(), spec.shape[1], spec.shape[0], to);
    } else if (size > 0) {
      std::memcpy(to, values.data(), size * sizeof(Scalar));
    }
  }
  return {};
}

template void store_weights(const ParameterLayout&, std::span<const float>, TensorFile&);
template void store_weights(const ParameterLayout&, std::span<const double>, TensorFile&);
template Status restore_weights(const ParameterLayout&, const TensorFile&, std::span<float>);
template Status restore_weights(const ParameterLayout&, const TensorFile&, std::span<double>);

}  // namespace grokscope
