"""What is shown of runs and studies: pictures, and a page of HTML."""
