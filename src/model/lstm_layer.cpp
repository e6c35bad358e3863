// The recurrence: per position one matrix product, one sigmoid over all four gates (tanh x = 2 σ(2x) - 1),
// one tanh and two plain loops; backwards the same. On CUDA, where a launch costs more than the sum, ATen's
// own operations under autograd. Any thread.
#include "model/lstm_layer.h"

#include <vector>

#include "grokscope_autograd.h"

namespace grokscope {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct LstmSizes {
  std::int64_t positions = 0, examples = 0, width = 0;
};

// gates holds σ of i, f, 2g, o, and afterwards tanh(g) in the place of g. (example, 4 * width), (example,
// width)
template <typename Real>
void next_cell(Real* gates, const Real* cell_before, Real* cell, std::int64_t examples, std::int64_t width) {
  for (std::int64_t e = 0; e < examples; ++e) {
    const Real* __restrict i = gates + 4 * width * e;
    const Real* __restrict f = i + width;
    Real* __restrict g = gates + 4 * width * e + 2 * width;
    const Real* __restrict before = cell_before + width * e;
    Real* __restrict now = cell + width * e;
    for (std::int64_t k = 0; k < width; ++k) {
      g[k] = 2 * g[k] - 1;
      now[k] = f[k] * before[k] + i[k] * g[k];
    }
  }
}

template <typename Real>
void next_hidden(const Real* gates, const Real* tanh_cell, Real* hidden, std::int64_t examples,
                 std::int64_t width) {
  for (std::int64_t e = 0; e < examples; ++e) {
    const Real* __restrict o = gates + 4 * width * e + 3 * width;
    const Real* __restrict cell = tanh_cell + width * e;
    Real* __restrict out = hidden + width * e;
    for (std::int64_t k = 0; k < width; ++k) out[k] = o[k] * cell[k];
  }
}

// From d hidden and the d cell of the position after (times f there) to d of the four gates before σ and
// tanh, and the d cell that goes to the position before. (example, 4 * width), (example, width)
template <typename Real>
void gates_backward(const Real* gates, const Real* tanh_cell, const Real* cell_before, const Real* d_hidden,
                    Real* d_cell, Real* d_gates, std::int64_t examples, std::int64_t width) {
  for (std::int64_t e = 0; e < examples; ++e) {
    const Real* __restrict i = gates + 4 * width * e;
    const Real* __restrict f = i + width;
    const Real* __restrict g = f + width;
    const Real* __restrict o = g + width;
    const Real* __restrict t = tanh_cell + width * e;
    const Real* __restrict before = cell_before + width * e;
    const Real* __restrict dh = d_hidden + width * e;
    Real* __restrict dc = d_cell + width * e;
    Real* __restrict d = d_gates + 4 * width * e;
    for (std::int64_t k = 0; k < width; ++k) {
      const Real d_now = dc[k] + dh[k] * o[k] * (1 - t[k] * t[k]);
      d[k] = d_now * g[k] * i[k] * (1 - i[k]);
      d[k + width] = d_now * before[k] * f[k] * (1 - f[k]);
      d[k + 2 * width] = d_now * i[k] * (1 - g[k] * g[k]);
      d[k + 3 * width] = dh[k] * t[k] * o[k] * (1 - o[k]);
      dc[k] = d_now * f[k];
    }
  }
}

LstmSizes sizes_of(const at::Tensor& gates) {
  return {gates.size(0), gates.size(1), gates.size(2) / 4};
}

class LstmRecurrence : public torch::autograd::Function<LstmRecurrence> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& inputs, const at::Tensor& recurrent) {
    const LstmSizes sizes = sizes_of(inputs);
    at::Tensor gates = inputs.clone(at::MemoryFormat::Contiguous);  // (position, example, 4 * width)
    at::Tensor weights = recurrent.clone(at::MemoryFormat::Contiguous);
    gates.narrow(2, 2 * sizes.width, sizes.width).mul_(2);
    weights.narrow(1, 2 * sizes.width, sizes.width).mul_(2);
    at::Tensor cells = at::empty({sizes.positions, sizes.examples, sizes.width}, inputs.options());
    at::Tensor tanh_cells = at::empty_like(cells), hidden = at::empty_like(cells);
    const at::Tensor zero = at::zeros({sizes.examples, sizes.width}, inputs.options());
    AT_DISPATCH_FLOATING_TYPES(inputs.scalar_type(), "lstm_forward", [&] {
      for (std::int64_t p = 0; p < sizes.positions; ++p) {
        at::Tensor gate = gates.select(0, p), cell = cells.select(0, p), tanh_cell = tanh_cells.select(0, p);
        if (p > 0) gate.addmm_(hidden.select(0, p - 1), weights);
        gate.sigmoid_();
        const at::Tensor before = p > 0 ? cells.select(0, p - 1) : zero;
        next_cell(gate.data_ptr<scalar_t>(), before.data_ptr<scalar_t>(), cell.data_ptr<scalar_t>(),
                  sizes.examples, sizes.width);
        at::tanh_out(tanh_cell, cell);
        next_hidden(gate.data_ptr<scalar_t>(), tanh_cell.data_ptr<scalar_t>(),
                    hidden.select(0, p).data_ptr<scalar_t>(), sizes.examples, sizes.width);
      }
    });
    context->save_for_backward({recurrent, gates, cells, tanh_cells, hidden});
    return hidden;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &recurrent = saved[0], &gates = saved[1], &cells = saved[2], &tanh_cells = saved[3],
                     &hidden = saved[4];
    const LstmSizes sizes = sizes_of(gates);
    const at::Tensor d_hiddens = gradients[0].contiguous();
    const at::Tensor recurrent_t = recurrent.t();
    at::Tensor d_gates = at::empty_like(gates);
    at::Tensor d_cell = at::zeros({sizes.examples, sizes.width}, gates.options());
    const at::Tensor zero = at::zeros_like(d_cell);
    AT_DISPATCH_FLOATING_TYPES(gates.scalar_type(), "lstm_backward", [&] {
      for (std::int64_t p = sizes.positions - 1; p >= 0; --p) {
        at::Tensor d_hidden = d_hiddens.select(0, p);
        if (p + 1 < sizes.positions) d_hidden = at::addmm(d_hidden, d_gates.select(0, p + 1), recurrent_t);
        const at::Tensor before = p > 0 ? cells.select(0, p - 1) : zero;
        gates_backward(gates.select(0, p).data_ptr<scalar_t>(), tanh_cells.select(0, p).data_ptr<scalar_t>(),
                       before.data_ptr<scalar_t>(), d_hidden.data_ptr<scalar_t>(),
                       d_cell.data_ptr<scalar_t>(), d_gates.select(0, p).data_ptr<scalar_t>(), sizes.examples,
                       sizes.width);
      }
    });
    at::Tensor d_recurrent = at::zeros_like(recurrent);
    if (sizes.positions > 1) {
      const std::int64_t rows = (sizes.positions - 1) * sizes.examples;
      d_recurrent = at::mm(hidden.narrow(0, 0, sizes.positions - 1).reshape({rows, sizes.width}).t(),
                           d_gates.narrow(0, 1, sizes.positions - 1).reshape({rows, 4 * sizes.width}));
    }
    return {d_gates, d_recurrent};
  }
};

at::Tensor lstm_by_steps(const at::Tensor& inputs, const at::Tensor& recurrent) {
  std::vector<at::Tensor> hiddens;
  at::Tensor hidden = at::zeros({inputs.size(1), recurrent.size(0)}, inputs.options()), cell = hidden;
  for (std::int64_t p = 0; p < inputs.size(0); ++p) {
    const std::vector<at::Tensor> gates =
        at::addmm(inputs.select(0, p), hidden, recurrent).chunk(4, 1);  // i, f, g, o: (example, width)
    cell = at::sigmoid(gates[1]) * cell + at::sigmoid(gates[0]) * at::tanh(gates[2]);
    hidden = at::sigmoid(gates[3]) * at::tanh(cell);
    hiddens.push_back(hidden);
  }
  return at::stack(hiddens);
}

}  // namespace

at::Tensor lstm_layer(const at::Tensor& inputs, const at::Tensor& recurrent) {
  return inputs.is_cpu() ? LstmRecurrence::apply(inputs, recurrent) : lstm_by_steps(inputs, recurrent);
}

}  // namespace grokscope
