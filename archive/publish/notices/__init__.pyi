from .letter import Letter as Letter
from .letter import letter_of as letter_of
