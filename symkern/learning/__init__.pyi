from symkern.learning.sklearn_kernels import sklearn_kernel as sklearn_kernel
