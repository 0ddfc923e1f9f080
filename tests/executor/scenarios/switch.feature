Feature: Switch Task
  The first case that fits decides.

  Scenario: The first case that fits is taken
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-first-case-that-fits-is-taken
      version: '1.0.0'
    do:
      - choose:
          switch:
            - small: { when: '.n < 10', then: little }
            - medium: { when: '${ .n < 100 }', then: some }
            - other: { then: many }
      - little:
          set: { size: little }
          then: end
      - some:
          set: { size: some }
          then: end
      - many:
          set: { size: many }
    """
    And given the workflow input is:
    """yaml
    n: 5
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    size: little
    """

  Scenario: A later case is taken when the earlier ones do not fit
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-later-case-is-taken-when-the-earlier-ones-do-not-fit
      version: '1.0.0'
    do:
      - choose:
          switch:
            - small: { when: '.n < 10', then: little }
            - medium: { when: '${ .n < 100 }', then: some }
            - other: { then: many }
      - little:
          set: { size: little }
          then: end
      - some:
          set: { size: some }
          then: end
      - many:
          set: { size: many }
    """
    And given the workflow input is:
    """yaml
    n: 50
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    size: some
    """

  Scenario: The case without a condition is the default
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-case-without-a-condition-is-the-default
      version: '1.0.0'
    do:
      - choose:
          switch:
            - small: { when: '.n < 10', then: little }
            - medium: { when: '${ .n < 100 }', then: some }
            - other: { then: many }
      - little:
          set: { size: little }
          then: end
      - some:
          set: { size: some }
          then: end
      - many:
          set: { size: many }
    """
    And given the workflow input is:
    """yaml
    n: 500
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    size: many
    """

  Scenario: Without a default and a match the next task follows
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: without-a-default-and-a-match-the-next-task-follows
      version: '1.0.0'
    do:
      - choose:
          switch:
            - never: { when: .n == 1, then: end }
      - next:
          set: { went: on }
    """
    And given the workflow input is:
    """yaml
    n: 2
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    went: on
    """

  Scenario: A case may end the workflow
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-case-may-end-the-workflow
      version: '1.0.0'
    do:
      - choose:
          switch:
            - stop: { when: .n == 2, then: end }
      - next:
          set: { went: on }
    """
    And given the workflow input is:
    """yaml
    n: 2
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 2
    """
