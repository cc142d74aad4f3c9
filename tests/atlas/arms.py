"""The penalties of the atlas, each with the range that its strength is chosen from."""

ARMS = {
    "none": [],
    "l2": ["l2=1e-4..1@*.weights"],
    "l2, decoupled": ["l2=1e-3..10,mode=decoupled@*.weights"],
    "l1": ["l1=1e-5..1e-1,mode=prox@*.weights"],
    "elastic net": ["elastic_net=1e-5..1e-1,mode=prox@*.weights"],
    "group lasso": ["group_lasso=1e-5..1e-1,mode=prox,groups=outgoing@dense1.weights"],
    "mcp": ["mcp=1e-5..1e-1,mode=prox,gamma=1.0@*.weights"],
    "max norm": ["max_norm,radius=0.1..3.6@dense1.weights"],
    "activity l1": ["activity_l1=1e-5..1e-1@relu1"],
}
"""Eight penalties, beside none. A constraint has no strength, and its radius is chosen.

The ranges are such that the best lies inside. Decoupled decay is multiplied by the learning rate of
0.01 and by nothing else, so that its strengths are larger.
"""

BASELINES = ("none", "l2")

TRIED = 8
"""So many strengths, evenly spaced over the range, on the validation rows of each seed."""
