"""`regkit report`: runs and studies as one page of HTML that needs nothing else."""
