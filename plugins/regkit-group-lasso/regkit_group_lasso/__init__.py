"""Group lasso for regkit, and the base class of penalties that distinguish neurons and inputs."""

from regkit_group_lasso.group_lasso import GroupLasso
from regkit_group_lasso.oriented import Oriented

__all__ = ["GroupLasso", "Oriented"]
