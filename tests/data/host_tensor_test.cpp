// Tensors made without LibTorch's operations are the tensors that LibTorch would make.
#include "data/host_tensor.h"

#include <gtest/gtest.h>

namespace grokscope {
namespace {

TEST(HostTensor, IsAnOrdinaryTensorOfZeros) {
  const at::Tensor tensor = host_tensor({3, 4}, at::kFloat);
  EXPECT_TRUE(at::equal(tensor, at::zeros({3, 4}, at::kFloat)));
  EXPECT_EQ(tensor.strides(), at::zeros({3, 4}).strides());
  EXPECT_TRUE(is_on_host(tensor));
  EXPECT_FALSE(tensor.requires_grad());
  tensor.requires_grad_(true);
  (tensor * 2.0).sum().backward();  // autograd takes it like any other
  EXPECT_TRUE(at::equal(tensor.grad(), at::full({3, 4}, 2.0)));
}

TEST(HostTensor, MayBeEmptyOrANumber) {
  EXPECT_EQ(host_tensor({0, 5}, at::kLong).numel(), 0);
  EXPECT_EQ(host_data<float>(host_tensor({0}, at::kFloat)), nullptr);
  EXPECT_EQ(host_tensor({}, at::kDouble).item<double>(), 0.0);
}

TEST(HostTensor, DataIsTheTensorsOwn) {
  at::Tensor tensor = host_tensor({2, 3}, at::kLong);
  host_data<std::int64_t>(tensor)[4] = 7;
  EXPECT_EQ(tensor[1][1].item<std::int64_t>(), 7);
  const at::Tensor row = tensor[1];  // a view that begins in the middle
  EXPECT_EQ(host_span<std::int64_t>(row)[1], 7);
}

TEST(HostTensor, ACopySharesNothing) {
  const at::Tensor original = at::arange(6, at::kDouble).view({2, 3});
  const at::Tensor copy = host_copy(original);
  EXPECT_TRUE(at::equal(copy, original));
  host_data<double>(copy)[0] = 9.0;
  EXPECT_EQ(original[0][0].item<double>(), 0.0);
}

TEST(HostTensor, ATransposedTensorIsNotReadAsItIs) {
  EXPECT_FALSE(is_on_host(at::zeros({2, 3}).t()));
}

TEST(HostTensor, TooLargeIsAnException) {
  EXPECT_THROW(host_tensor({std::int64_t{1} << 50}, at::kFloat), std::exception);
}

}  // namespace
}  // namespace grokscope
