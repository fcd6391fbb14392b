from __future__ import annotations

from django.contrib.auth.models import User
from django.db import models


class Contest(models.Model):
    name = models.CharField(max_length=200)
    text = models.TextField()


class Round(models.Model):
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="rounds")
    name = models.CharField(max_length=160)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()


class Section(models.Model):
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="sections")
    label = models.CharField(max_length=160)
    help_text = models.TextField()
    word_limit = models.PositiveIntegerField()


class Criterion(models.Model):
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="criteria")
    label = models.CharField(max_length=160)
    levels = models.JSONField()


class Unit(models.Model):
    name = models.CharField(max_length=200)


class Place(models.Model):
    """What a person does where: in a unit, or on a contest's committee."""

    user = models.ForeignKey(User, models.CASCADE, related_name="places")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True)
    contest = models.ForeignKey(Contest, models.CASCADE, null=True)


class Proposal(models.Model):
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="proposals")
    unit = models.ForeignKey(Unit, models.CASCADE)
    title = models.CharField(max_length=200)
    receipt = models.CharField(max_length=80)
    status = models.CharField(max_length=10)
    done = models.PositiveSmallIntegerField()
    held_since = models.DateTimeField(db_index=True)


class Answer(models.Model):
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="answers")
    section = models.ForeignKey(Section, models.CASCADE)
    text = models.TextField()
    words = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)


class Review(models.Model):
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="reviews")
    judge = models.ForeignKey(User, models.CASCADE, related_name="reviews")
    position = models.PositiveIntegerField()
    status = models.CharField(max_length=10)
    total = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    comment = models.TextField()
    version = models.PositiveIntegerField(default=1)


class Score(models.Model):
    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.CASCADE)
    value = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="floor_score_once")
        ]


class Award(models.Model):
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="awards")
    proposal = models.ForeignKey(Proposal, models.CASCADE)
    place = models.PositiveIntegerField()
    score = models.DecimalField(max_digits=12, decimal_places=6)
    sentence = models.TextField()
